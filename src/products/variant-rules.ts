import { BadUserInput } from '../errors/request-errors.js';
import type { MoneyInput } from '../graphql/money.type.js';
import { parseMinor } from '../money/money.js';
import { CurrencyMismatch } from './products.errors.js';
import type { SelectedOption } from './product-variant.type.js';
import type { NewVariantInput } from './variant.inputs.js';
import type { NewVariant } from './variants.queries.js';

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

/** What tells a variant from its siblings when nobody has named it: its choices, or `Default` when there is no choice. */
export function titleOf(options: readonly SelectedOption[]): string {
  return (
    options
      .map((option) => option.value)
      .join(' / ')
      .slice(0, 200) || 'Default'
  );
}

/**
 * A variant ready to be written.
 * @param path where the variant stands in the arguments
 * @throws CurrencyMismatch, BadUserInput
 */
export function newVariant(input: NewVariantInput, shopCurrency: string, path: readonly string[]): NewVariant {
  const { sku, title, price, compareAtPrice } = input;
  const options = input.options.map(({ name, value }) => ({ name, value }));
  return {
    sku,
    title: title ?? titleOf(options),
    options,
    priceMinor: priceMinor(price, shopCurrency, [...path, 'price']),
    compareAtMinor: compareAtPrice ? priceMinor(compareAtPrice, shopCurrency, [...path, 'compareAtPrice']) : null,
    currency: shopCurrency,
  };
}
