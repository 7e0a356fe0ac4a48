import { SeenLines } from './seen-lines.js';

it('answers the first line of a key, among many', () => {
  const seen = new SeenLines();
  const keys = Array.from({ length: 5_000 }, (_, index) => `SKU-${index}`);
  expect(keys.map((key, index) => seen.firstLine(key, index + 2))).toEqual(keys.map(() => null));
  expect(keys.map((key) => seen.firstLine(key, 9_999))).toEqual(keys.map((_, index) => index + 2));
  expect([seen.lineOf('SKU-0'), seen.lineOf('SKU-5000'), seen.lineOf('SKU-5000')]).toEqual([2, null, null]);
});
