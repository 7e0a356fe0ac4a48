import { MAX_TREE_LEVELS } from '../categories/categories.errors.js';
import { SLUG, SLUG_LENGTH } from '../database/slug.js';
import { isCurrencyCode, minorDigits } from '../money/currency.js';
import { parseMinor } from '../money/money.js';
import { ProductStatus } from '../products/product.type.js';
import { TaxClass } from '../products/tax-class.type.js';
import { MAX_WEIGHT_GRAMS } from '../products/variant.inputs.js';
import { refuseOtherCurrency } from './currency.rules.js';
import { readPath, type Pair } from '../files/cell-text.js';
import { readImages, readNamedValues } from '../files/list-cells.js';
import { BadRow, ImportError } from '../files/files.errors.js';
import { RowReader, shown, type Cells } from '../files/row-reader.js';

/** The columns of a product file, in the order in which an export writes them. */
export const FILE_COLUMNS = [
  'sku',
  'product',
  'name',
  'title',
  'description',
  'category',
  'status',
  'price',
  'currency',
  'compare_at_price',
  'stock',
  'weight_grams',
  'tax_class',
  'options',
  'attributes',
  'images',
  'units_sold',
] as const;

/** What a row says about the product, by the names of the columns. Absent is what it does not say. */
export interface RowDetails {
  name?: string;
  description?: string;
  /** Names from the root down; a single one may also be a slug. */
  category?: readonly string[];
  status?: ProductStatus;
  attributes?: Readonly<Record<string, string>>;
  /** URLs. */
  images?: readonly string[];
  units_sold?: number;
}

/** A row of a product file whose values are all usable. */
export interface ProductRowOfFile {
  line: number;
  sku: string;
  /** Slug of the product. */
  product?: string;
  details: RowDetails;
  title?: string;
  options?: readonly Pair[];
  priceMinor: number;
  /** `null` takes it away. */
  compareAtMinor?: number | null;
  stock?: number;
  weightGrams?: number;
  taxClass?: TaxClass;
}

/** How amounts are read. */
export interface PriceRules {
  shopCurrency: string;
  /** Amounts with more decimal places than the currency has are rounded and not refused. */
  rounded?: boolean;
}

/** Units that a row may name. */
export const MAX_UNITS = 100_000_000;
const MAX_SOLD = 1_000_000_000_000;

/**
 * Looks whether a CSV file can be a product file. Answers the columns that mean nothing here.
 * @throws ImportError when there is no column for the SKU or the price
 */
export function acceptHeader(columns: readonly string[], shopCurrency: string): string[] {
  if (!columns.includes('sku')) throw new ImportError(`the header has no column "sku"; it has: ${columns.join(', ')}.`);
  const own = priceColumnOf(shopCurrency);
  if (!columns.includes('price') && !columns.includes(own)) {
    const other = columns.find((column) => isCurrencyCode(/^price_(\w{3})$/.exec(column)?.[1]?.toUpperCase() ?? ''));
    throw new ImportError(
      other === undefined
        ? `the header has no column "price" or "${own}"; it has: ${columns.join(', ')}.`
        : `the column "${other}" is in another currency; this shop sells in ${shopCurrency}.`,
    );
  }
  const known = new Set<string>([...FILE_COLUMNS, own]);
  return columns.filter((column) => !known.has(column));
}

/** Checks a row and reads its values. @throws BadRow */
export function readProductRow(line: number, cells: Cells, rules: PriceRules): ProductRowOfFile {
  const row = new RowReader(cells);
  const sku = row.whole('sku', 100);
  if (sku === undefined) throw new BadRow('sku: is missing');
  if (sku !== sku.trim()) throw new BadRow(`sku: ${shown(sku)} begins or ends with a blank`);
  refuseOtherCurrency(row, rules.shopCurrency);
  const priceColumn = row.raw('price') === undefined ? priceColumnOf(rules.shopCurrency) : 'price';
  const priceMinor = amount(row, priceColumn, rules);
  if (priceMinor === undefined) throw new BadRow('price: is missing');
  return {
    line,
    sku,
    product: slug(row),
    details: detailsOf(row),
    title: row.whole('title', 200),
    options: readNamedValues(row, 'options', { most: 5, longest: 100 }),
    priceMinor,
    compareAtMinor: row.has('compare_at_price') ? (amount(row, 'compare_at_price', rules) ?? null) : undefined,
    stock: row.integer('stock', MAX_UNITS),
    weightGrams: row.integer('weight_grams', MAX_WEIGHT_GRAMS),
    taxClass: choice(row, 'tax_class', Object.values(TaxClass)),
  };
}

function detailsOf(row: RowReader): RowDetails {
  const attributes = readNamedValues(row, 'attributes', { most: 50, longest: 500 });
  return {
    name: row.whole('name', 300),
    description: row.whole('description', 20_000),
    category: category(row),
    status: choice(row, 'status', Object.values(ProductStatus)),
    attributes: attributes && Object.fromEntries(attributes.map(({ name, value }) => [name, value])),
    images: readImages(row, 'images'),
    units_sold: row.integer('units_sold', MAX_SOLD),
  };
}

function priceColumnOf(currency: string): string {
  return `price_${currency.toLowerCase()}`;
}

function amount(row: RowReader, column: string, { shopCurrency, rounded = false }: PriceRules): number | undefined {
  const text = row.text(column, 100);
  if (text === undefined) return undefined;
  const digits = minorDigits(shopCurrency);
  const exact = rounded && Number.isFinite(Number(text)) ? Number(text).toFixed(digits) : text;
  const minor = parseMinor(exact, shopCurrency);
  if (minor === null) {
    throw new BadRow(
      `${column}: ${shown(text)} is not an amount of ${shopCurrency} with at most ${digits} decimal places`,
    );
  }
  if (minor < 0) throw new BadRow(`${column}: ${shown(text)} is negative`);
  return minor;
}

function slug(row: RowReader): string | undefined {
  return row.matching('product', SLUG, SLUG_LENGTH, 'a slug (lower-case letters and digits, joined by single hyphens)');
}

/** One of the values, in upper or lower case. */
function choice<T extends string>(row: RowReader, column: string, values: readonly T[]): T | undefined {
  const text = row.text(column, 100)?.toUpperCase();
  const known = values.find((value) => value === text);
  if (text !== undefined && known === undefined) {
    throw new BadRow(`${column}: ${shown(text)} is not one of ${values.join(', ')}`);
  }
  return known;
}

function category(row: RowReader): string[] | undefined {
  const text = row.text('category', 3_000);
  if (text === undefined) return undefined;
  const names = readPath(text);
  if (names.includes('')) throw new BadRow(`category: ${shown(text)} has an empty name`);
  if (names.some((name) => name.length > 200)) throw new BadRow('category: a name has more than 200 characters');
  if (names.length > MAX_TREE_LEVELS) throw new BadRow(`category: the tree has at most ${MAX_TREE_LEVELS} levels`);
  return names;
}
