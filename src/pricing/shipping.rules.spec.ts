import { shippingPrice, type ShippingRule } from './shipping.rules.js';

const bands = [
  { from: 0, priceMinor: 399 },
  { from: 5_000, priceMinor: 0 },
  { from: 90_000, priceMinor: null },
];
const method = (traits: Partial<ShippingRule>): ShippingRule => ({
  code: 'standard',
  name: 'Standard',
  basis: 'PRICE',
  bands,
  ...traits,
});

describe('a shipping price', () => {
  it.each([
    [0, 399],
    [1, 399],
    [4_999, 399],
    [5_000, 0],
    [89_999, 0],
    [90_000, null],
    [9_000_000_000_000, null],
  ])('is that of the last step which %d minor units or grams reach', (reached, expected) => {
    expect(shippingPrice(method({}), { goodsMinor: reached, weightGrams: 100_000 })).toBe(expected);
    const byWeight = method({ basis: 'WEIGHT' });
    expect(shippingPrice(byWeight, { goodsMinor: 100_000, weightGrams: reached })).toBe(expected);
  });

  it('is none without a step', () => {
    expect(shippingPrice(method({ bands: [] }), { goodsMinor: 0, weightGrams: 0 })).toBeNull();
    const late = method({ bands: [{ from: 100, priceMinor: 5 }] });
    expect(shippingPrice(late, { goodsMinor: 99, weightGrams: 500 })).toBeNull();
  });
});
