// Products of two amounts pass 2^53, the largest integer that a number holds exactly.

/** A share of an amount in minor units, rounded half up. @param basisPoints 10,000 is all of it */
export function percentOf(amountMinor: number, basisPoints: number): number {
  return Number((BigInt(amountMinor) * BigInt(basisPoints) + 5_000n) / 10_000n);
}

/**
 * Parts an amount over others in proportion to them, by the largest remainder; equal remainders go by order.
 * Answers one share for each, in their order: together the amount, or all of them when they are less; none above its own.
 */
export function spread(amountMinor: number, over: readonly number[]): number[] {
  const total = over.reduce((sum, weight) => sum + BigInt(weight), 0n);
  const amount = total < BigInt(amountMinor) ? Number(total) : amountMinor;
  if (amount <= 0) return over.map(() => 0);
  const parts = over.map((weight, index) => {
    const product = BigInt(weight) * BigInt(amount);
    return { index, share: Number(product / total), remainder: product % total };
  });
  // What rounding down has left is less than one unit for each part that has a remainder, so no part gets two.
  let rest = amount - parts.reduce((sum, { share }) => sum + share, 0);
  for (const part of parts.toSorted(byRemainder)) {
    if (rest === 0) break;
    part.share += 1;
    rest -= 1;
  }
  return parts.map(({ share }) => share);
}

function byRemainder(a: { remainder: bigint; index: number }, b: { remainder: bigint; index: number }): number {
  if (a.remainder !== b.remainder) return a.remainder > b.remainder ? -1 : 1;
  return a.index - b.index;
}
