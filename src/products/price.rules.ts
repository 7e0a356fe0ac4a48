import { BadUserInput } from '../errors/request-errors.js';
import type { MoneyInput } from '../graphql/money.type.js';
import { parseMinor } from '../money/money.js';
import { CurrencyMismatch } from './products.errors.js';

/**
 * Minor units of a price that a client sent.
 * @param path where the price stands in the arguments, such as `['input', 'price']`
 * @throws CurrencyMismatch when it is in another currency; BadUserInput when it is negative, too large or too fine
 */
export function priceMinor({ amount, currency }: MoneyInput, shopCurrency: string, path: readonly string[]): number {
  if (currency != null && currency !== shopCurrency) throw new CurrencyMismatch(currency, shopCurrency, path);
  const minor = parseMinor(amount, shopCurrency);
  if (minor === null || minor < 0) {
    const message = `must be an amount of ${shopCurrency} that is not negative and has no more decimal places than the currency`;
    throw new BadUserInput([{ path: [...path, 'amount'].join('.'), message }]);
  }
  return minor;
}
