import { BadRow } from '../files/files.errors.js';
import { shown, type RowReader } from '../files/row-reader.js';
import { isCurrencyCode } from '../money/currency.js';

/** A row may name the currency of its price: only the shop's. @throws BadRow */
export function refuseOtherCurrency(row: RowReader, shopCurrency: string): void {
  const currency = row.text('currency', 100)?.toUpperCase();
  if (currency === undefined || currency === shopCurrency) return;
  throw new BadRow(
    isCurrencyCode(currency)
      ? `currency: the price is in ${currency}; this shop sells in ${shopCurrency}`
      : `currency: ${shown(currency)} is no ISO 4217 code`,
  );
}
