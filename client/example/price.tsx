import type { MoneyPartsFragment, ProductCardFragment } from '../generated/operations.js';

/** An amount of money in the reader's language. The amount is an exact decimal and never becomes a number. */
export function Price({ money: { amount, currency } }: { money: MoneyPartsFragment }) {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return <span>{format.format(amount as `${number}`)}</span>;
}

/** What a product costs: one price, or from the lowest to the highest. */
export function PriceSpan({ range }: { range: ProductCardFragment['priceRange'] }) {
  if (!range) return null;
  const { min, max } = range;
  if (min.amount === max.amount) return <Price money={min} />;
  return (
    <>
      <Price money={min} /> – <Price money={max} />
    </>
  );
}
