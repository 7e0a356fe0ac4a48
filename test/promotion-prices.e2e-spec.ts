import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { parseMinor } from '../src/money/money.js';
import {
  discountsOf,
  PromotionKind,
  type DiscountableLine,
  type PromotionRule,
} from '../src/promotions/discount.rules.js';
import { pick, seeded } from './support/catalogue.js';

// What a real shop has sold, with its prices in pounds and how often each was bought.
const ROWS: { sku: string; price_gbp: string; units_sold: string; order_lines: string }[] = parse(
  readFileSync('data/products-onlineretail.csv'),
  { columns: true },
);
const PRICES = ROWS.map(({ price_gbp }) => parseMinor(price_gbp, 'GBP') ?? 0);

const promotion = (traits: Partial<PromotionRule>): PromotionRule => ({
  id: 'promotion',
  name: 'Promotion',
  code: null,
  kind: PromotionKind.PERCENT,
  percentBp: null,
  amountMinor: null,
  minSubtotalMinor: null,
  categoryIds: [],
  productIds: [],
  ...traits,
});
const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** Lines as customers bought them: some products, each in its usual quantity. */
function anyCart(random: () => number): DiscountableLine[] {
  return Array.from({ length: 1 + Math.floor(random() * 30) }, () => {
    const { sku, price_gbp, units_sold, order_lines } = pick(random, ROWS);
    const quantity = Math.max(1, Math.round(Number(units_sold) / Number(order_lines)));
    return { productId: sku, categoryIds: [], subtotalMinor: (parseMinor(price_gbp, 'GBP') ?? 0) * quantity };
  });
}

it('reads the prices of the whole catalogue', () => {
  expect(PRICES).toHaveLength(3_782);
  expect(PRICES.every((price) => price > 0)).toBe(true);
});

it('takes a tenth off every real price as a calculator does', () => {
  const lines = PRICES.map((subtotalMinor, n) => ({ productId: String(n), categoryIds: [], subtotalMinor }));
  const { perLine } = discountsOf(lines, [promotion({ percentBp: 1_000 })]);
  expect(perLine).toEqual(PRICES.map((price) => Math.floor((price + 5) / 10)));
});

it('spreads a voucher over a thousand carts to the last penny, each line within a penny of its part', () => {
  const random = seeded(85_123);
  for (let n = 0; n < 1_000; n += 1) {
    const lines = anyCart(random);
    const subtotal = sumOf(lines.map(({ subtotalMinor }) => subtotalMinor));
    const amountMinor = pick(random, [500, 1_000, 1_999, subtotal, subtotal + 1]);
    const { perLine, applied } = discountsOf(lines, [promotion({ kind: PromotionKind.FIXED_AMOUNT, amountMinor })]);
    const given = Math.min(amountMinor, subtotal);
    expect([sumOf(perLine), ...applied.map((one) => one.amountMinor)]).toEqual([given, given]);
    const off = lines.map(({ subtotalMinor }, at) => Math.abs((perLine[at] ?? 0) * subtotal - subtotalMinor * given));
    expect(off.every((apart) => apart < subtotal)).toBe(true);
  }
});

it('takes off a voucher after a sale what is left, in a thousand carts', () => {
  const random = seeded(22_423);
  for (let n = 0; n < 1_000; n += 1) {
    const lines = anyCart(random);
    const sale = promotion({ id: 'sale', percentBp: pick(random, [500, 1_250, 3_333, 7_000]) });
    const voucher = promotion({ id: 'voucher', kind: PromotionKind.FIXED_AMOUNT, amountMinor: 1_000 });
    const both = discountsOf(lines, [sale, voucher]);
    const [first, second] = both.applied.map(({ amountMinor }) => amountMinor);
    const left = sumOf(lines.map(({ subtotalMinor }) => subtotalMinor)) - sumOf(discountsOf(lines, [sale]).perLine);
    expect([first, second]).toEqual([sumOf(discountsOf(lines, [sale]).perLine), Math.min(1_000, left)]);
    expect(lines.every(({ subtotalMinor }, at) => (both.perLine[at] ?? -1) <= subtotalMinor)).toBe(true);
  }
});
