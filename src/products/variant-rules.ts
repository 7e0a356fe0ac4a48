import { priceMinor } from './price.rules.js';
import type { SelectedOption } from './product-variant.type.js';
import type { NewVariantInput } from './variant.inputs.js';
import type { NewVariant } from './variants.queries.js';

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
  const { sku, title, price, compareAtPrice, weightGrams, taxClass } = input;
  const options = input.options.map(({ name, value }) => ({ name, value }));
  return {
    sku,
    title: title ?? titleOf(options),
    options,
    priceMinor: priceMinor(price, shopCurrency, [...path, 'price']),
    compareAtMinor: compareAtPrice ? priceMinor(compareAtPrice, shopCurrency, [...path, 'compareAtPrice']) : null,
    currency: shopCurrency,
    weightGrams,
    taxClass,
  };
}
