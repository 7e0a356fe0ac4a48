import { minorDigits } from './currency.js';

/** An amount as it travels: a decimal string and its currency. */
export interface Money {
  amount: string;
  currency: string;
}

/** What the decimal type accepts: an optional sign, digits, an optional fraction. No exponent, no blanks. */
export const DECIMAL = /^-?\d{1,15}(\.\d{1,15})?$/;

/** The largest amount in minor units: exact as a JavaScript number, with room to sum a thousand of them. */
export const MAX_MINOR = 9_000_000_000_000;

/**
 * Reads a decimal string as integer minor units: `'12.5'` in EUR is 1250.
 * Answers `null` when the text is no decimal, has more decimal places than the currency, or is out of range.
 */
export function parseMinor(amount: string, currency: string): number | null {
  if (!DECIMAL.test(amount)) return null;
  const digits = minorDigits(currency);
  const negative = amount.startsWith('-');
  const [whole = '', fraction = ''] = (negative ? amount.slice(1) : amount).split('.');
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > digits) return null;
  const minor = Number(whole + significant.padEnd(digits, '0'));
  if (minor > MAX_MINOR) return null;
  return negative && minor !== 0 ? -minor : minor;
}

/** Writes integer minor units as a decimal string with the currency's own number of places: 1250 in EUR is `'12.50'`. */
export function formatMinor(minor: number | bigint, currency: string): string {
  const digits = minorDigits(currency);
  if (digits === 0) return String(minor);
  const text = String(minor < 0 ? -minor : minor).padStart(digits + 1, '0');
  const split = text.length - digits;
  return `${minor < 0 ? '-' : ''}${text.slice(0, split)}.${text.slice(split)}`;
}

/** Minor units as the pair that the API speaks. */
export function toMoney(minor: number, currency: string): Money {
  return { amount: formatMinor(minor, currency), currency };
}
