import { stringify } from 'csv-stringify/sync';
import { formatMinor } from '../money/money.js';
import type { StoredProduct, StoredVariant } from '../products/products.bulk.js';
import { listedUrl, writePairs, writePath, type Pair } from '../files/cell-text.js';
import type { FileFormat } from '../files/file-rows.js';
import { FILE_COLUMNS } from './product-rows.js';

type Column = (typeof FILE_COLUMNS)[number];
type ListColumn = 'options' | 'attributes' | 'images';

/** A row of an export: what it has to say, in the order of the columns. */
export interface ExportedRow extends Partial<Record<Exclude<Column, ListColumn>, string | number>> {
  options?: readonly Pair[];
  attributes?: readonly Pair[];
  images?: readonly string[];
}

/** How rows become the text of a file. */
export interface TextWriter {
  begin: string;
  /** Text of some rows; `first` when none was written before. */
  rows(rows: readonly ExportedRow[], first: boolean): string;
  end: string;
}

/** How each format is written. */
export const TEXT_WRITERS: Readonly<Record<FileFormat, TextWriter>> = {
  csv: { begin: `${FILE_COLUMNS.join(',')}\n`, rows: csv, end: '' },
  json: { begin: '[', rows: jsonItems, end: '\n]\n' },
  ndjson: { begin: '', rows: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''), end: '' },
};

/**
 * One row. What the product is stands in the row of its first variant only; its slug and name stand in all of them.
 * @param category names from the root down
 */
export function exportedRow(
  product: StoredProduct,
  variant: StoredVariant,
  { category, first }: { category: readonly string[] | null; first: boolean },
): ExportedRow {
  const { currency, priceMinor, compareAtMinor, options } = variant;
  const attributes = Object.entries(product.attributes).map(([name, value]) => ({ name, value }));
  const images = product.images.map(({ url }) => listedUrl(url));
  return {
    sku: variant.sku,
    product: product.slug,
    name: product.name,
    title: variant.title,
    description: (first && product.description) || undefined,
    category: first && category ? writePath(category) : undefined,
    status: first ? product.status : undefined,
    price: formatMinor(priceMinor, currency),
    currency,
    compare_at_price: compareAtMinor === null ? undefined : formatMinor(compareAtMinor, currency),
    stock: variant.onHand ?? undefined,
    weight_grams: variant.weightGrams,
    tax_class: variant.taxClass,
    options: options.length > 0 ? options.map(({ name, value }) => ({ name, value })) : undefined,
    attributes: first && attributes.length > 0 ? attributes : undefined,
    images: first && images.length > 0 ? images : undefined,
    units_sold: first ? product.unitsSold : undefined,
  };
}

function csv(rows: readonly ExportedRow[]): string {
  const cells = rows.map(({ options = [], attributes = [], images = [], ...rest }) => ({
    ...rest,
    options: writePairs(options),
    attributes: writePairs(attributes),
    images: images.join(' '),
  }));
  return stringify(cells, { columns: [...FILE_COLUMNS] });
}

function jsonItems(rows: readonly ExportedRow[], first: boolean): string {
  return rows.map((row, index) => `${first && index === 0 ? '' : ','}\n  ${JSON.stringify(row)}`).join('');
}
