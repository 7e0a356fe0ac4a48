import { Random } from './random.js';

const draw = (random: Random): number[] => Array.from({ length: 1_000 }, () => random.integer(1, 6));

describe('random numbers', () => {
  it('come again with the same seed and name, and only then', () => {
    const first = draw(new Random(1, 'units'));
    expect(draw(new Random(1, 'units'))).toEqual(first);
    expect(draw(new Random(2, 'units'))).not.toEqual(first);
    expect(draw(new Random(1, 'key'))).not.toEqual(first);
    expect(draw(new Random(1, 'units').branch('0'))).not.toEqual(first);
  });

  it('reach both bounds and nothing beyond, about equally often', () => {
    const counts = new Map<number, number>();
    for (const face of draw(new Random(3, 'dice'))) counts.set(face, (counts.get(face) ?? 0) + 1);
    expect([...counts.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(Math.min(...counts.values())).toBeGreaterThan(120);
  });

  it('pick from what is there', () => {
    const random = new Random(4, 'pick');
    const items = ['a', 'b', 'c'];
    expect(new Set(Array.from({ length: 100 }, () => random.pick(items)))).toEqual(new Set(items));
    expect(() => random.pick([])).toThrow('There is nothing to pick from.');
  });
});
