import { isSigned, noticeKey, signatureOf } from './notice-signature.js';

const key = noticeKey('a secret');
const body = Buffer.from('{"id":"n-1"}');
const now = Math.floor(Date.now() / 1_000);
const good = signatureOf(key, body, now);

describe('signature of a notice', () => {
  it('holds for the body, the key and the time that it was made for', () => {
    expect(good).toMatch(/^t=\d{10},v1=[0-9a-f]{64}$/);
    expect(isSigned(key, body, good)).toBe(true);
    expect(isSigned(key, body, signatureOf(key, body, now - 290))).toBe(true);
    expect(isSigned(key, body, signatureOf(key, body, now + 290))).toBe(true);
  });

  it.each<[string, string | string[] | undefined]>([
    ['none', undefined],
    ['an empty one', ''],
    ['two headers', [good, good]],
    ['another body', signatureOf(key, Buffer.from('{"id":"n-2"}'), now)],
    ['another key', signatureOf(noticeKey('another secret'), body, now)],
    ['an old time', signatureOf(key, body, now - 310)],
    ['a time to come', signatureOf(key, body, now + 310)],
    ['another time than was signed', good.replace(String(now), String(now - 1))],
    ['a shortened code', good.slice(0, -2)],
    ['upper case', good.toUpperCase()],
    ['something behind it', `${good},v0=0`],
    ['no number as its time', good.replace(String(now), 'NaN')],
  ])('does not hold with %s', (_, header) => {
    expect(isSigned(key, body, header)).toBe(false);
  });
});
