import { decodeAnswer, encodeAnswer } from './kept-answer.js';

describe('an answer that is kept', () => {
  it.each<unknown>([
    undefined,
    null,
    false,
    0,
    '',
    'text ✓',
    [],
    new Date(1_700_000_000_123),
    { at: new Date(0), absent: null, list: [new Date(1), { deep: [1.5, 'a'] }], bytes: Buffer.from([0, 255]) },
    { toJSON: 'a column of this name', answer: 'and of this' },
    JSON.parse('{"__proto__": {"a": 1}}'),
  ])('comes back as it was: %j', (answer) => {
    expect(decodeAnswer(encodeAnswer(answer))).toEqual(answer);
  });

  it('gives dates and bytes back as such', () => {
    const [date, bytes] = decodeAnswer(encodeAnswer([new Date(5), Buffer.from('b')])) as [Date, Buffer];
    expect(date instanceof Date && date.getTime()).toBe(5);
    expect(Buffer.isBuffer(bytes) && bytes.toString()).toBe('b');
  });

  it.each([() => 1, new Map(), new Set(), Promise.resolve(1), 1n])('is never something else: %p', (value) => {
    expect(() => encodeAnswer({ value })).toThrow(/cannot hold|BigInt/);
  });
});
