import { minorDigits } from '../money/currency.js';
import type { KeptType } from './made-from.js';
import type { Asked, Shape } from './shape.js';
import { constant, literal } from './sql-json.js';

/** A currency that is known before the statement is sent, or the column that holds it and the one that it mostly is. */
export type CurrencySql = string | { column: string; mostly: string };

/** An amount in SQL. */
export interface MoneySql {
  /** SQL of integer minor units. */
  minor: string;
  /** ISO 4217 code. */
  currency: CurrencySql;
}

/** SQL of an amount of money as the API shows it. */
export function moneyOf(asked: Asked, minor: string, currency: CurrencySql): string {
  return asked.of('Money', { minor, currency } satisfies MoneySql);
}

/** An amount is a part of what it is an amount of. */
export const KEPT_MONEY: KeptType = { fields: { amount: [], currency: [] } };

/** Money, written as `formatMinor` writes it. */
export const MONEY: Shape<MoneySql> = {
  amount: ({ minor, currency }, _, draft) => {
    if (typeof currency === 'string') return decimal(minor, minorDigits(currency));
    const { column, mostly } = currency;
    const digits = `coalesce((${draft.fixed('minorDigits', unusualDigits)}::jsonb -> ${column})::int, ${USUAL})`;
    return `CASE WHEN ${column} = ${literal(mostly)} THEN ${decimal(minor, minorDigits(mostly))}
      ELSE round((${minor}) * 10::numeric ^ -${digits}, ${digits})::text END`;
  },
  currency: ({ currency }) => (typeof currency === 'string' ? constant(currency) : currency.column),
};

function decimal(minor: string, digits: number): string {
  if (digits === 0) return `(${minor})::text`;
  // Exact, and with all places: a product of decimals has as many as both together.
  return `((${minor}) * 0.${'1'.padStart(digits, '0')})::text`;
}

const USUAL = 2;

/** JSON of the decimal places of each currency that has not two. */
function unusualDigits(): string {
  const digits = Intl.supportedValuesOf('currency').map((code) => [code, minorDigits(code)] as const);
  return JSON.stringify(Object.fromEntries(digits.filter(([, places]) => places !== USUAL)));
}
