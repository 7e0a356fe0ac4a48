import { BadUserInput } from '../errors/request-errors.js';
import type { MoneyInput } from '../graphql/money.type.js';
import { parseMinor } from '../money/money.js';
import { CurrencyMismatch } from './products.errors.js';
import type { SelectedOption } from './product-variant.type.js';
import type { NewVariantInput } from './variant.inputs.js';
import type { NewVariant } from './variants.queries.js';

/**
 * Minor units of a price that a client sent.
 * @param field the input field, for the refusal
 * @throws CurrencyMismatch when it is in another currency; BadUserInput when it is negative, too large or too fine
 */
export function priceMinor({ amount, currency }: MoneyInput, shopCurrency: string, field: string): number {
  if (currency != null && currency !== shopCurrency) throw new CurrencyMismatch(currency, shopCurrency, field);
  const minor = parseMinor(amount, shopCurrency);
  if (minor === null || minor < 0) {
    const message = `must be an amount of ${shopCurrency} that is not negative and has no more decimal places than the currency`;
    throw new BadUserInput([{ path: `input.${field}.amount`, message }]);
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

/** A variant ready to be written. @throws CurrencyMismatch, BadUserInput */
export function newVariant(input: NewVariantInput, shopCurrency: string): NewVariant {
  const options = input.options.map(({ name, value }) => ({ name, value }));
  return {
    sku: input.sku,
    title: input.title ?? titleOf(options),
    options,
    priceMinor: priceMinor(input.price, shopCurrency, 'price'),
    compareAtMinor: input.compareAtPrice ? priceMinor(input.compareAtPrice, shopCurrency, 'compareAtPrice') : null,
    currency: shopCurrency,
  };
}
