import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { minorDigits } from '../src/money/currency.js';
import type { ShippingRule } from '../src/pricing/shipping.rules.js';
import { totalsOf, type PriceableLine, type TaxRule, type Totals } from '../src/pricing/totals.rules.js';
import { TaxClass } from '../src/products/tax-class.type.js';
import { PromotionKind, type PromotionRule } from '../src/promotions/discount.rules.js';
import { pick, seeded } from './support/catalogue.js';

const RATES = [500, 700, 1_900, 2_000, 2_500];
const CURRENCIES = ['GBP', 'JPY', 'KWD'];

const taxOf = (standardBp: number, pricesIncludeTax: boolean): TaxRule => ({
  name: 'VAT',
  pricesIncludeTax,
  standardBp,
  reducedBp: 500,
});
const line = (unitPriceMinor: number, quantity: number, taxClass = TaxClass.STANDARD): PriceableLine => ({
  productId: String(unitPriceMinor % 5),
  categoryIds: [String(quantity % 3)],
  unitPriceMinor,
  quantity,
  weightGrams: unitPriceMinor % 700,
  taxClass,
});
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** The prices of a list as their texts. */
function prices(file: string, column: string): string[] {
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true, bom: true });
  return rows.map((row) => row[column] ?? '');
}

/** Minor units of a text with two decimal places; yen are rounded up, so that nothing costs nothing. */
function minorOf(text: string, currency: string): number {
  const hundredths = Number(text.replace('.', ''));
  const digits = minorDigits(currency);
  return digits < 2 ? Math.ceil(hundredths / 100) : hundredths * 10 ** (digits - 2);
}

/** Whether an integer is what a fraction is when it is rounded half up: at most a half above it, and less than a half below. */
function isRounded(integer: number, numerator: bigint, denominator: bigint): boolean {
  const distance = 2n * (BigInt(integer) * denominator - numerator);
  return -denominator < distance && distance <= denominator;
}

const LISTS = [
  { file: 'data/products-onlineretail.csv', column: 'price_gbp', count: 3_782 },
  { file: 'data/products-vendure.csv', column: 'price', count: 88 },
].map(({ file, column, count }) => ({ file, count, texts: prices(file, column) }));

describe('the tax of every price', () => {
  const cases = LISTS.flatMap(({ file, count, texts }) =>
    CURRENCIES.map((currency) => [file, currency, count, texts] as const),
  );

  it.each(cases)('of %s in %s is the exact one, rounded once', (_file, currency, count, texts) => {
    const lines = texts.flatMap((text, index) =>
      [1, 2 + (index % 98)].map((units) => line(minorOf(text, currency), units)),
    );
    expect(lines).toHaveLength(2 * count);
    expect(lines.every(({ unitPriceMinor }) => Number.isInteger(unitPriceMinor) && unitPriceMinor > 0)).toBe(true);
    let checked = 0;
    for (const rate of RATES) {
      for (const included of [true, false]) {
        const totals = totalsOf({ lines, promotions: [], shipping: null, tax: taxOf(rate, included) });
        const wrong = totals.lines.filter(({ totalMinor, taxMinor, taxBp }) => {
          checked += 1;
          const denominator = included ? 10_000n + BigInt(rate) : 10_000n;
          return taxBp !== rate || !isRounded(taxMinor, BigInt(totalMinor) * BigInt(rate), denominator);
        });
        expect(wrong).toEqual([]);
        expect(totals.subtotalMinor).toBe(sum(lines.map(({ unitPriceMinor, quantity }) => unitPriceMinor * quantity)));
        expect(totals.taxMinor).toBe(sum(totals.lines.map(({ taxMinor }) => taxMinor)));
        expect(totals.totalMinor).toBe(totals.subtotalMinor + (included ? 0 : totals.taxMinor));
      }
    }
    expect(checked).toBe(2 * count * 10);
  });
});

describe('totals of any goods', () => {
  const random = seeded(20);
  const number = (below: number): number => Math.floor(random() * below);
  const price = (): number => pick(random, [0, 1, number(50), number(10_000), number(9_000_000_000)]);

  const goods = (): PriceableLine[] =>
    Array.from({ length: number(12) }, () => line(price(), 1 + number(20), pick(random, Object.values(TaxClass))));
  const promotions = (): PromotionRule[] =>
    Array.from({ length: number(4) }, (_, id) => {
      const kind = pick(random, Object.values(PromotionKind));
      return {
        id: String(id),
        name: 'Any',
        code: null,
        kind,
        percentBp: kind === PromotionKind.PERCENT ? 1 + number(10_000) : null,
        amountMinor: kind === PromotionKind.FIXED_AMOUNT ? 1 + number(5_000) : null,
        minSubtotalMinor: pick(random, [null, number(10_000)]),
        categoryIds: pick(random, [[], ['1']]),
        productIds: pick(random, [[], ['2', '3']]),
      };
    });
  const shipping = (): ShippingRule | null => {
    const bands = [0, 3_000, 40_000].map((from) => ({ from, priceMinor: pick(random, [null, number(2_000)]) }));
    return pick(random, [null, { code: 'any', name: 'Any', basis: pick(random, ['PRICE', 'WEIGHT'] as const), bands }]);
  };
  const tax = (): TaxRule | null => pick(random, [null, taxOf(number(10_001), true), taxOf(number(10_001), false)]);

  /** What holds for all totals and does not, by name. */
  function broken(totals: Totals): string[] {
    const { lines, subtotalMinor, discountMinor, shippingMinor, taxMinor, taxIncluded, totalMinor } = totals;
    const amounts = lines.flatMap((part) => [part.subtotalMinor, part.discountMinor, part.totalMinor, part.taxMinor]);
    const all = [...amounts, subtotalMinor, discountMinor, shippingMinor, taxMinor, totalMinor];
    const goodsTax = sum(lines.map((part) => part.taxMinor));
    const holds = {
      'no part is negative, and all are whole': all.every((amount) => Number.isSafeInteger(amount) && amount >= 0),
      'the total adds up': totalMinor === subtotalMinor - discountMinor + shippingMinor + (taxIncluded ? 0 : taxMinor),
      'lines add up': lines.every((part) => part.totalMinor === part.subtotalMinor - part.discountMinor),
      'subtotals of lines are the subtotal': sum(lines.map((part) => part.subtotalMinor)) === subtotalMinor,
      'discounts of lines are the discount': sum(lines.map((part) => part.discountMinor)) === discountMinor,
      'discounts are those of the promotions': sum(totals.applied.map((one) => one.amountMinor)) === discountMinor,
      'the tax is that of goods and shipping': goodsTax <= taxMinor && taxMinor - goodsTax <= shippingMinor,
      'no tax is more than what is taxed': lines.every((part) => part.taxMinor <= part.totalMinor),
      'included tax is less than half': !taxIncluded || 2 * taxMinor <= totalMinor + lines.length + 1,
      'what is not carried costs nothing': !totals.shippingUnavailable || shippingMinor === 0,
    };
    return Object.entries(holds).flatMap(([name, held]) => (held ? [] : [name]));
  }

  it('keep what totals promise, 5000 times', () => {
    const seen = { discounted: 0, unavailable: 0, free: 0 };
    for (let round = 0; round < 5_000; round += 1) {
      const request = { lines: goods(), promotions: promotions(), shipping: shipping(), tax: tax() };
      const totals = totalsOf(request);
      expect(broken(totals)).toEqual([]);
      const more = totalsOf({ ...request, lines: [...request.lines, line(price(), 1)] });
      expect(more.subtotalMinor).toBeGreaterThanOrEqual(totals.subtotalMinor);
      expect(totalsOf(request)).toEqual(totals);
      seen.discounted += totals.discountMinor > 0 ? 1 : 0;
      seen.unavailable += totals.shippingUnavailable ? 1 : 0;
      seen.free += request.shipping && !totals.shippingUnavailable && totals.shippingMinor === 0 ? 1 : 0;
    }
    expect(Object.values(seen).every((count) => count > 300)).toBe(true);
  });
});
