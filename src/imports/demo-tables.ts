import { minorDigits } from '../money/currency.js';
import type { PriceTables } from '../pricing/tables.service.js';
import { ShippingBasis, type TaxRateRow } from '../pricing/tables.type.js';

// Standard and reduced VAT in basis points; where there are several reduced rates, the one of most everyday goods.
const VAT: Readonly<Record<string, readonly [standard: number, reduced: number]>> = {
  AT: [2_000, 1_000],
  BE: [2_100, 600],
  DE: [1_900, 700],
  ES: [2_100, 1_000],
  FR: [2_000, 550],
  GB: [2_000, 500],
  IE: [2_300, 1_350],
  IT: [2_200, 1_000],
  NL: [2_100, 900],
  PL: [2_300, 800],
};

/** A way to deliver. Amounts are hundredths of the currency's unit; keys of `prices` are what each price begins with. */
interface DemoMethod {
  code: string;
  name: string;
  /** Blanks between them. */
  countries: string;
  basis: ShippingBasis;
  prices: Readonly<Record<number, number | null>>;
}

const METHODS: readonly DemoMethod[] = [
  {
    code: 'standard',
    name: 'Standard, 3 to 5 days',
    countries: 'GB',
    basis: ShippingBasis.PRICE,
    prices: { 0: 399, 5_000: 0 },
  },
  {
    code: 'express',
    name: 'Express, next day',
    countries: 'GB',
    basis: ShippingBasis.WEIGHT,
    prices: { 0: 699, 2_000: 999, 10_000: 1_499, 30_001: null },
  },
  {
    code: 'international',
    name: 'International',
    countries: 'AT AU BE CA CH DE DK ES FI FR IE IT JP NL NO NZ PL PT SE US',
    basis: ShippingBasis.WEIGHT,
    prices: { 0: 999, 1_000: 1_499, 5_000: 2_999, 20_001: null },
  },
];

/** Taxes and ways to deliver of the demo shop. Amounts are rounded where the currency has fewer than two decimal places. */
export function demoTables(currency: string): PriceTables {
  const minor = (hundredths: number): number => Math.round((hundredths * 10 ** minorDigits(currency)) / 100);
  return {
    taxRates: [
      ...Object.entries(VAT).map(([country, [standardBp, reducedBp]]) => ({
        country,
        name: 'VAT',
        pricesIncludeTax: true,
        standardBp,
        reducedBp,
      })),
      untaxed('US', 'Sales tax'),
      untaxed(null, 'Tax'),
    ],
    shippingMethods: METHODS.map(({ code, name, countries, basis, prices }) => ({
      code,
      name,
      countries: countries.split(' '),
      basis,
      // Keys that are whole numbers come in their order.
      bands: Object.entries(prices).map(([from, price]) => ({
        from: basis === ShippingBasis.PRICE ? minor(Number(from)) : Number(from),
        priceMinor: price === null ? null : minor(price),
      })),
    })),
  };
}

function untaxed(country: string | null, name: string): TaxRateRow {
  return { country, name, pricesIncludeTax: false, standardBp: 0, reducedBp: 0 };
}
