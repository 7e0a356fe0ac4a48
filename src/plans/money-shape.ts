import { minorDigits } from '../money/currency.js';
import type { Asked, Shape } from './shape.js';
import { literal } from './sql-json.js';

/** An amount in SQL. */
export interface MoneySql {
  /** SQL of integer minor units. */
  minor: string;
  /** ISO 4217 code. */
  currency: string;
}

/** SQL of an amount of money as the API shows it. */
export function moneyOf(asked: Asked, minor: string, currency: string): string {
  return asked.of('Money', { minor, currency } satisfies MoneySql);
}

/** Money, written as `formatMinor` writes it. */
export const MONEY: Shape<MoneySql> = {
  amount: ({ minor, currency }) => decimal(minor, minorDigits(currency)),
  currency: ({ currency }) => `${literal(currency)}::text`,
};

function decimal(minor: string, digits: number): string {
  if (digits === 0) return `(${minor})::text`;
  const unit = 10 ** digits;
  const sign = `CASE WHEN ${minor} < 0 THEN '-' ELSE '' END`;
  return `${sign} || abs(${minor}) / ${unit} || '.' || lpad((abs(${minor}) % ${unit})::text, ${digits}, '0')`;
}
