import { ALL_PARTS, partsOf } from '../plans/made-from.js';
import { Answer, AnswerStore } from './answer-store.js';

const [NAME, STOCK] = [partsOf(['name']), partsOf(['stock'])];

function stored(things: Record<string, number>, forStaff = false): AnswerStore {
  const store = new AnswerStore(100_000);
  store.put('key', Answer.of('{}'), { things: new Map(Object.entries(things)), forStaff });
  return store;
}

describe('AnswerStore', () => {
  it('drops what was made from a part that has changed, and nothing else', () => {
    const store = stored({ 'product:1': NAME });
    expect(store.drop([{ thing: 'product:2', parts: ALL_PARTS }])).toBe(0);
    expect(store.drop([{ thing: 'product:1', parts: STOCK }])).toBe(0);
    expect(String(store.get('key')?.body)).toBe('{"data":{}}\n');
    expect(store.drop([{ thing: 'product:1', parts: NAME | STOCK }])).toBe(1);
    expect(store.get('key')).toBeNull();
  });

  it('keeps answers for everybody when only staff may see what has changed', () => {
    const drop = { thing: 'products', parts: ALL_PARTS, staffOnly: true };
    expect(stored({ products: NAME }).drop([drop])).toBe(0);
    expect(stored({ products: NAME }, true).drop([drop])).toBe(1);
  });

  it('forgets what dropped answers were made from, and what replaced ones were', () => {
    const store = stored({ 'product:1': NAME, products: NAME });
    store.put('key', Answer.of('{"a":1}'), { things: new Map([['category:1', NAME]]), forStaff: false });
    expect([store.count, store.things]).toEqual([1, 1]);
    store.drop([{ thing: 'category:1', parts: ALL_PARTS }]);
    expect([store.count, store.things, store.bytes]).toEqual([0, 0, 0]);
  });

  it('stays within its bytes, and takes nothing that would leave no place for others', () => {
    const store = new AnswerStore(100_000);
    const traits = { things: new Map([['product:1', NAME]]), forStaff: false };
    for (let n = 0; n < 500; n += 1) store.put(`key ${n}`, Answer.of(`"${'x'.repeat(1_000)}"`), traits);
    expect(store.bytes).toBeLessThanOrEqual(100_000);
    expect([store.get('key 0'), store.get('key 499') !== null]).toEqual([null, true]);
    store.put('large', Answer.of(`"${'x'.repeat(50_000)}"`), traits);
    expect([store.get('large'), store.get('key 499') !== null]).toEqual([null, true]);
    store.clear();
    expect([store.count, store.things]).toEqual([0, 0]);
  });

  it('gives equal bodies equal tags, and others others', () => {
    expect(Answer.of('{"a":1}').etag).toBe(Answer.of('{"a":1}').etag);
    expect(Answer.of('{"a":1}').etag).not.toBe(Answer.of('{"a":2}').etag);
  });
});
