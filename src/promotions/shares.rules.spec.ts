import { pick, seeded } from '../../test/support/catalogue.js';
import { percentOf, spread } from './shares.rules.js';

const MOST = 9_000_000_000_000;
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

describe('percentOf', () => {
  it.each([
    [1_000, 2_500, 250],
    [999, 1_000, 100],
    [994, 1_000, 99],
    [995, 1_000, 100],
    [1, 5_000, 1],
    [1, 4_999, 0],
    [3, 5_000, 2],
    [333, 3_333, 111],
    [0, 10_000, 0],
    [777, 10_000, 777],
    [49, 1, 0],
    [4_999, 1, 0],
    [5_000, 1, 1],
  ])('of %d minor units at %d basis points is %d', (amount, basisPoints, share) => {
    expect(percentOf(amount, basisPoints)).toBe(share);
  });

  it('is exact where products of numbers are not', () => {
    // 8,999,999,999,999 * 3,333 is above 2^53 by more than a factor of three.
    expect(percentOf(MOST - 1, 3_333)).toBe(2_999_700_000_000);
    expect(percentOf(MOST - 5, 9_999)).toBe(8_999_099_999_995);
    expect(percentOf(MOST, 10_000)).toBe(MOST);
  });

  it('is half up by definition, for a thousand amounts', () => {
    const random = seeded(11);
    for (let n = 0; n < 1_000; n += 1) {
      const amount = Math.floor(random() * (n % 2 ? 5_000 : MOST));
      const basisPoints = 1 + Math.floor(random() * 10_000);
      const doubled = BigInt(percentOf(amount, basisPoints)) * 20_000n - BigInt(amount) * BigInt(basisPoints) * 2n;
      expect(doubled > -10_000n && doubled <= 10_000n).toBe(true);
    }
  });
});

describe('spread', () => {
  it.each<[what: string, amount: number, over: number[], shares: number[]]>([
    ['even parts', 300, [100, 100, 100], [100, 100, 100]],
    ['a remainder to the first of equals', 100, [100, 100, 100], [34, 33, 33]],
    ['two remainders to the first two of equals', 200, [100, 100, 100], [67, 67, 66]],
    ['a remainder to the largest', 10, [50, 30, 21], [5, 3, 2]],
    ['a remainder to the largest, though it is last', 7, [10, 10, 15], [2, 2, 3]],
    ['all when it is more than all', 500, [120, 0, 30], [120, 0, 30]],
    ['nothing where there is nothing', 10, [0, 5, 0, 5], [0, 5, 0, 5]],
    ['one unit over many', 1, [7, 7, 7, 7], [1, 0, 0, 0]],
    ['one unit to the largest', 1, [7, 7, 8, 7], [0, 0, 1, 0]],
    ['nothing', 0, [10, 20], [0, 0]],
    ['something over nothing', 10, [0, 0], [0, 0]],
    ['something over no lines', 10, [], []],
  ])('parts %s', (_, amount, over, shares) => {
    expect(spread(amount, over)).toEqual(shares);
  });

  it('is exact where products of numbers are not', () => {
    expect(spread(MOST - 2, [MOST - 2, MOST - 1])).toEqual([4_499_999_999_999, 4_499_999_999_999]);
    expect(spread(MOST - 1, [MOST, MOST, MOST])).toEqual([3_000_000_000_000, 3_000_000_000_000, 2_999_999_999_999]);
    const dearest = Array<number>(100).fill(MOST * 999);
    expect(spread(MOST - 1, dearest)).toEqual([...Array<number>(99).fill(MOST / 100), MOST / 100 - 1]);
  });

  it('follows the definition of the largest remainder, for two thousand carts', () => {
    const random = seeded(12);
    for (let n = 0; n < 2_000; n += 1) {
      const most = pick(random, [3, 100, 100_000, MOST]);
      const over = Array.from({ length: 1 + Math.floor(random() * 12) }, () => Math.floor(random() * (most + 1)));
      const total = sumOf(over);
      const amount = Math.floor(random() * (total + 2));
      const shares = spread(amount, over);
      expect(sumOf(shares)).toBe(Math.min(amount, total));
      refuseUnfair(shares, over, Math.min(amount, total));
    }
  });
});

/** Fails unless each share is its exact part rounded down or up, and those rounded up have the largest remainders, ties by order. */
function refuseUnfair(shares: readonly number[], over: readonly number[], amount: number): void {
  const total = BigInt(sumOf(over));
  const parts = over.map((weight, index) => {
    const product = BigInt(weight) * BigInt(amount);
    const floor = total === 0n ? 0n : product / total;
    return { index, up: BigInt(shares[index] ?? -1) - floor, remainder: product - floor * total };
  });
  expect(parts.every(({ up }) => up === 0n || up === 1n)).toBe(true);
  expect(parts.every(({ up, remainder }) => up === 0n || remainder > 0n)).toBe(true);
  const unfair = parts.filter((down) =>
    parts.some(
      (other) =>
        down.up === 0n &&
        other.up === 1n &&
        (down.remainder > other.remainder || (down.remainder === other.remainder && down.index < other.index)),
    ),
  );
  expect(unfair).toEqual([]);
}
