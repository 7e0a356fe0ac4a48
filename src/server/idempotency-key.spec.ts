import { onceKeyOf, type KeyedChange } from './idempotency-key.js';

const CHANGE: KeyedChange = {
  secret: 'a secret of the server, long enough',
  viewerId: '0198f2c4-d1e2-7abc-8def-0123456789ab',
  key: 'k1',
  field: 'createCategory',
  args: { input: { name: 'Lamps', tags: ['a', 'b'], at: new Date(0) } },
};

/** Which parts of a key differ when the change is another one. */
function differs(traits: Partial<KeyedChange>): string {
  const [one, other] = [onceKeyOf(CHANGE), onceKeyOf({ ...CHANGE, ...traits })];
  const parts = ['hash', 'fingerprint'] as const;
  return parts.filter((part) => !one[part].equals(other[part])).join(' ');
}

describe('the key of a change', () => {
  it.each<[string, Partial<KeyedChange>, string]>([
    ['the same again', {}, ''],
    ['another order of fields', { args: { input: { at: new Date(0), tags: ['a', 'b'], name: 'Lamps' } } }, ''],
    ['another value', { args: { input: { name: 'Lamp', tags: ['a', 'b'], at: new Date(0) } } }, 'fingerprint'],
    ['another time', { args: { input: { name: 'Lamps', tags: ['a', 'b'], at: new Date(1) } } }, 'fingerprint'],
    [
      'another order of items',
      { args: { input: { name: 'Lamps', tags: ['b', 'a'], at: new Date(0) } } },
      'fingerprint',
    ],
    ['another operation', { field: 'updateCategory' }, 'fingerprint'],
    ['another secret', { secret: 'another secret of the server, as long' }, 'fingerprint'],
    ['another key', { key: 'k2' }, 'hash fingerprint'],
    ['another viewer', { viewerId: null }, 'hash fingerprint'],
  ])('%s', (_, traits, different) => {
    expect(differs(traits)).toBe(different);
  });

  it('opens what it has sealed, and nothing else', () => {
    const key = onceKeyOf(CHANGE);
    const answer = Buffer.from('an answer with a token');
    const sealed = key.seal(answer);
    expect(key.open(sealed)).toEqual(answer);
    expect(sealed.includes(Buffer.from('token'))).toBe(false);
    expect(key.seal(answer).equals(sealed)).toBe(false);
    for (const other of [{ key: 'k2' }, { viewerId: null }, { secret: 'another secret of the server, as long' }]) {
      expect(() => onceKeyOf({ ...CHANGE, ...other }).open(sealed)).toThrow('unable to authenticate data');
    }
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(() => key.open(sealed)).toThrow('unable to authenticate data');
  });
});
