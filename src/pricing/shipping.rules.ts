/** A step of a shipping method's price. */
export interface ShippingBand {
  /** Minor units of goods after discounts, or grams; inclusive. */
  from: number;
  /** Minor units; `null` when the method does not carry this much. */
  priceMinor: number | null;
}

/** A way to deliver, with its price list. */
export interface ShippingRule {
  code: string;
  name: string;
  basis: 'PRICE' | 'WEIGHT';
  /** Ascending, the first from 0. */
  bands: readonly ShippingBand[];
}

/** What a shipping price depends on. */
export interface Consignment {
  /** Goods after discounts, in minor units. */
  goodsMinor: number;
  weightGrams: number;
}

/** Minor units that a method takes for goods: the price of the last band that they reach; `null` when it does not carry them. */
export function shippingPrice({ basis, bands }: ShippingRule, { goodsMinor, weightGrams }: Consignment): number | null {
  const reached = basis === 'PRICE' ? goodsMinor : weightGrams;
  return bands.findLast(({ from }) => from <= reached)?.priceMinor ?? null;
}
