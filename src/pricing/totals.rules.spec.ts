import { MAX_MINOR } from '../money/money.js';
import { TaxClass } from '../products/tax-class.type.js';
import { PromotionKind, type PromotionRule } from '../promotions/discount.rules.js';
import type { ShippingRule } from './shipping.rules.js';
import { TotalTooHigh } from './totals.errors.js';
import {
  taxRateFor,
  totalsOf,
  type PriceableLine,
  type TaxRule,
  type Totals,
  type TotalsRequest,
} from './totals.rules.js';

const included: TaxRule = { name: 'VAT', pricesIncludeTax: true, standardBp: 2_000, reducedBp: 500 };
const added: TaxRule = { ...included, pricesIncludeTax: false };
const { STANDARD, REDUCED, ZERO } = TaxClass;

const line = (unitPriceMinor: number, traits: Partial<PriceableLine> = {}): PriceableLine => ({
  productId: 'p',
  categoryIds: [],
  unitPriceMinor,
  quantity: 1,
  weightGrams: 0,
  taxClass: STANDARD,
  ...traits,
});
const promotion = (traits: Partial<PromotionRule>): PromotionRule => ({
  id: 'q',
  name: 'Off',
  code: null,
  kind: PromotionKind.PERCENT,
  percentBp: null,
  amountMinor: null,
  minSubtotalMinor: null,
  categoryIds: [],
  productIds: [],
  ...traits,
});
const byPrice: ShippingRule = {
  code: 'standard',
  name: 'Standard',
  basis: 'PRICE',
  bands: [
    { from: 0, priceMinor: 399 },
    { from: 5_000, priceMinor: 0 },
  ],
};
const byWeight: ShippingRule = {
  ...byPrice,
  basis: 'WEIGHT',
  bands: [
    { from: 0, priceMinor: 500 },
    { from: 1_000, priceMinor: 900 },
    { from: 2_001, priceMinor: null },
  ],
};
const freeShipping = promotion({ kind: PromotionKind.FREE_SHIPPING });

const priced = (lines: PriceableLine[], request: Partial<TotalsRequest> = {}): Totals =>
  totalsOf({ lines, promotions: [], shipping: null, tax: null, ...request });

const carried = (weightGrams: number, quantity: number): Totals =>
  priced([line(100, { weightGrams, quantity }), line(1)], { shipping: byWeight });

describe('totals', () => {
  it('of nothing are nothing', () => {
    expect(priced([], { tax: included })).toEqual({
      lines: [],
      subtotalMinor: 0,
      discountMinor: 0,
      shippingMinor: 0,
      taxMinor: 0,
      taxIncluded: true,
      totalMinor: 0,
      applied: [],
      shippingUnavailable: false,
    });
  });

  it('hold each tax that prices include', () => {
    const goods = [
      line(1_299, { quantity: 2 }),
      line(350, { taxClass: REDUCED, quantity: 3 }),
      line(499, { taxClass: ZERO }),
    ];
    // 25.98 × 20/120 = 4.33; 10.50 × 5/105 = 0.50; 3.99 × 20/120 = 0.665.
    expect(priced(goods, { tax: included, shipping: byPrice })).toEqual({
      lines: [
        { subtotalMinor: 2_598, discountMinor: 0, totalMinor: 2_598, taxBp: 2_000, taxMinor: 433 },
        { subtotalMinor: 1_050, discountMinor: 0, totalMinor: 1_050, taxBp: 500, taxMinor: 50 },
        { subtotalMinor: 499, discountMinor: 0, totalMinor: 499, taxBp: 0, taxMinor: 0 },
      ],
      subtotalMinor: 4_147,
      discountMinor: 0,
      shippingMinor: 399,
      taxMinor: 433 + 50 + 67,
      taxIncluded: true,
      totalMinor: 4_546,
      applied: [],
      shippingUnavailable: false,
    });
  });

  it('add each tax that prices do not include, on what promotions have left', () => {
    const goods = [line(1_000), line(999, { taxClass: REDUCED })];
    const tenth = promotion({ percentBp: 1_000 });
    // 10 % of 9.99 is 1.00 off; 9.00 × 20 % = 1.80; 8.99 × 5 % = 0.4495; 3.99 × 20 % = 0.798.
    expect(priced(goods, { tax: added, shipping: byPrice, promotions: [tenth] })).toMatchObject({
      lines: [
        { subtotalMinor: 1_000, discountMinor: 100, totalMinor: 900, taxBp: 2_000, taxMinor: 180 },
        { subtotalMinor: 999, discountMinor: 100, totalMinor: 899, taxBp: 500, taxMinor: 45 },
      ],
      subtotalMinor: 1_999,
      discountMinor: 200,
      shippingMinor: 399,
      taxMinor: 180 + 45 + 80,
      taxIncluded: false,
      totalMinor: 1_999 - 200 + 399 + 305,
      applied: [{ promotionId: 'q', amountMinor: 200 }],
    });
  });

  it.each([
    [3, included, 1],
    [2, included, 0],
    [9, included, 2],
    [2, { ...added, standardBp: 2_500 }, 1],
    [1, { ...added, standardBp: 4_999 }, 0],
    [1, { ...added, standardBp: 5_000 }, 1],
    [7, { ...included, standardBp: 10_000 }, 4],
  ])('round half up to the minor unit: %d %j', (amount, tax, expected) => {
    expect(priced([line(amount)], { tax }).taxMinor).toBe(expected);
  });

  it('round each line and not the sum', () => {
    const lines = Array.from({ length: 10 }, () => line(2));
    expect(priced(lines, { tax: { ...added, standardBp: 2_500 } }).taxMinor).toBe(10);
    expect(priced([line(2, { quantity: 10 })], { tax: { ...added, standardBp: 2_500 } }).taxMinor).toBe(5);
  });

  it('tax nothing where there is no rule', () => {
    expect(priced([line(1_000)], { shipping: byPrice })).toMatchObject({
      lines: [{ taxBp: 0, taxMinor: 0 }],
      taxMinor: 0,
      taxIncluded: false,
      totalMinor: 1_399,
    });
    expect([STANDARD, REDUCED, ZERO].map((taxClass) => taxRateFor(null, taxClass))).toEqual([0, 0, 0]);
    expect([STANDARD, REDUCED, ZERO].map((taxClass) => taxRateFor(added, taxClass))).toEqual([2_000, 500, 0]);
  });
});

describe('shipping', () => {
  it('follows the goods after discounts', () => {
    const fifty = [line(5_000)];
    expect(priced(fifty, { shipping: byPrice }).shippingMinor).toBe(0);
    const penny = promotion({ kind: PromotionKind.FIXED_AMOUNT, amountMinor: 1 });
    expect(priced(fifty, { shipping: byPrice, promotions: [penny] })).toMatchObject({
      shippingMinor: 399,
      totalMinor: 4_999 + 399,
    });
  });

  it('follows the weight of all units', () => {
    expect(carried(333, 3)).toMatchObject({ shippingMinor: 500, shippingUnavailable: false });
    expect(carried(250, 4)).toMatchObject({ shippingMinor: 900, shippingUnavailable: false });
    expect(carried(2_001, 1)).toMatchObject({ shippingMinor: 0, shippingUnavailable: true, totalMinor: 101 });
  });

  it('is free by a promotion, but not possible by it', () => {
    const request = { shipping: byWeight, tax: included, promotions: [freeShipping] };
    expect(priced([line(600)], request)).toMatchObject({
      shippingMinor: 0,
      taxMinor: 100,
      totalMinor: 600,
      shippingUnavailable: false,
    });
    const heavy = priced([line(600, { weightGrams: 5_000 })], request);
    expect(heavy).toMatchObject({ shippingMinor: 0, shippingUnavailable: true });
  });
});

describe('large amounts', () => {
  it('are exact', () => {
    // 20/120 of 9,000,000,000,001 is 1,500,000,000,000.17; 19/119 of it is 1,436,974,789,916.13.
    expect(priced([line(MAX_MINOR + 1)], { tax: included }).taxMinor).toBe(1_500_000_000_000);
    expect(priced([line(MAX_MINOR + 1)], { tax: { ...included, standardBp: 1_900 } }).taxMinor).toBe(1_436_974_789_916);
    const most = priced([line(MAX_MINOR - 1, { quantity: 999 })], { tax: included });
    expect(most).toMatchObject({ subtotalMinor: 8_990_999_999_999_001, taxMinor: 1_498_499_999_999_834 });
  });

  it('beyond what can be counted are refused', () => {
    const most = line(MAX_MINOR, { quantity: 999 });
    expect(() => priced([line(MAX_MINOR, { quantity: 1_001 })])).toThrow(TotalTooHigh);
    expect(() => priced([most, most])).toThrow(TotalTooHigh);
    expect(() => priced([most], { tax: added })).toThrow(TotalTooHigh);
    expect(priced([most], { tax: included }).totalMinor).toBe(8_991_000_000_000_000);
  });
});
