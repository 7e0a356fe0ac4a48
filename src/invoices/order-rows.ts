import { BadRow, ImportError } from '../files/files.errors.js';
import { RowReader, shown, type FileRow } from '../files/row-reader.js';
import { minorDigits } from '../money/currency.js';
import { MAX_MINOR, parseMinor } from '../money/money.js';
import { refuseOtherCurrency } from '../imports/currency.rules.js';

/** A line of an order file whose values are all usable. */
export interface OrderLineOfFile {
  line: number;
  invoice: string;
  sku: string;
  /** Units; below 0 when they came back. Never 0. */
  quantity: number;
  unitPriceMinor: number;
  /** Price times quantity. */
  amountMinor: bigint;
  /** An instant, in the form of RFC 3339. */
  placedAt: string;
  /** What the other system calls the customer; `null` when it does not say. */
  customer: string | null;
}

/** One row of an order file, as far as it can be read. */
export interface OrderRowOfFile {
  line: number;
  invoice: string | null;
  /** Price times quantity in minor units; `null` when that cannot be read. */
  amountMinor: bigint | null;
  read: OrderLineOfFile | { reason: string };
}

/** As long as the number of an order can be asked for. */
const NUMBER_LENGTH = 40;
const MAX_UNITS = 1_000_000;
const QUANTITY = /^-?\d{1,9}$/;
const INSTANT = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?(Z|[+-]\d\d:\d\d)?)?$/;
const COLUMNS = ['invoice', 'sku', 'quantity', 'invoice_date'];

/**
 * Looks whether a CSV file can be an order file. Answers the columns that mean nothing here.
 * @throws ImportError when a column is missing
 */
export function acceptOrderHeader(columns: readonly string[], shopCurrency: string): string[] {
  const price = priceColumnOf(shopCurrency);
  const missing = COLUMNS.find((column) => !columns.includes(column));
  const unpriced = !columns.includes('unit_price') && !columns.includes(price);
  if (missing !== undefined || unpriced) {
    const wanted = missing === undefined ? `"unit_price" or "${price}"` : `"${missing}"`;
    throw new ImportError(`the header has no column ${wanted}; it has: ${columns.join(', ')}.`);
  }
  const known = new Set([...COLUMNS, 'unit_price', price, 'currency', 'customer_id']);
  return columns.filter((column) => !known.has(column));
}

/** A number such as C536379 is that of a cancellation: it gives back what an earlier invoice sold. */
export function isCancellation(invoice: string): boolean {
  return /^C\d/.test(invoice);
}

/** Reads a row. What cannot be used is told in its place. */
export function readOrderRow(row: FileRow, shopCurrency: string): OrderRowOfFile {
  const { line } = row;
  if ('fault' in row) return { line, invoice: null, amountMinor: null, read: { reason: row.fault } };
  const reader = new RowReader(row.cells);
  const invoice = unlessBad(() => reader.text('invoice', NUMBER_LENGTH));
  const amountMinor = unlessBad(() => amountOf(reader, shopCurrency));
  try {
    return { line, invoice, amountMinor, read: lineOf(line, reader, shopCurrency) };
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    return { line, invoice, amountMinor, read: { reason: error.message } };
  }
}

function lineOf(line: number, row: RowReader, shopCurrency: string): OrderLineOfFile {
  const invoice = given(row.text('invoice', NUMBER_LENGTH), 'invoice');
  const sku = given(row.whole('sku', 100), 'sku');
  if (sku !== sku.trim()) throw new BadRow(`sku: ${shown(sku)} begins or ends with a blank`);
  const quantity = given(row.matching('quantity', QUANTITY, 100, 'a whole number'), 'quantity');
  const units = Number(quantity);
  if (units === 0 || Math.abs(units) > MAX_UNITS) {
    throw new BadRow(`quantity: ${shown(quantity)} is not from 1 to ${MAX_UNITS}, or the same below 0`);
  }
  refuseOtherCurrency(row, shopCurrency);
  const unitPriceMinor = priceOf(row, shopCurrency);
  const amountMinor = BigInt(unitPriceMinor) * BigInt(units);
  if (amountMinor > MAX_MINOR || amountMinor < -MAX_MINOR) throw new BadRow('quantity: the line comes to too much');
  const customer = row.text('customer_id', 100) ?? null;
  return { line, invoice, sku, quantity: units, unitPriceMinor, amountMinor, placedAt: instantOf(row), customer };
}

function priceOf(row: RowReader, shopCurrency: string): number {
  const column = priceColumnIn(row, shopCurrency);
  const text = given(row.text(column, 100), column);
  const minor = parseMinor(text, shopCurrency);
  if (minor === null) {
    const form = `an amount of ${shopCurrency} with at most ${minorDigits(shopCurrency)} decimal places`;
    throw new BadRow(`${column}: ${shown(text)} is not ${form}`);
  }
  if (minor < 0) throw new BadRow(`${column}: ${shown(text)} is negative`);
  return minor;
}

/** Read by itself, so that a line that is left out for another reason counts in the sums. */
function amountOf(row: RowReader, shopCurrency: string): bigint | null {
  refuseOtherCurrency(row, shopCurrency);
  const quantity = row.text('quantity', 100) ?? '';
  const minor = parseMinor(row.text(priceColumnIn(row, shopCurrency), 100) ?? '', shopCurrency);
  return minor === null || !QUANTITY.test(quantity) ? null : BigInt(minor) * BigInt(quantity);
}

/** A time without a zone is one of UTC. */
function instantOf(row: RowReader): string {
  const text = given(row.text('invoice_date', 100), 'invoice_date');
  const [, day = '', time = '00:00', seconds = ':00', zone = 'Z'] = INSTANT.exec(text) ?? [];
  const local = new Date(`${day}T${time}${seconds}Z`);
  const instant = new Date(`${day}T${time}${seconds}${zone}`);
  // The 31st of a shorter month, and 24:00, would be read as another day.
  const exists = !Number.isNaN(instant.getTime()) && local.toISOString().startsWith(`${day}T${time}`);
  if (!exists) throw new BadRow(`invoice_date: ${shown(text)} is not a time such as 2011-11-21 08:02:00`);
  return instant.toISOString();
}

function given(text: string | undefined, column: string): string {
  if (text === undefined) throw new BadRow(`${column}: is missing`);
  return text;
}

function priceColumnOf(currency: string): string {
  return `unit_price_${currency.toLowerCase()}`;
}

function priceColumnIn(row: RowReader, currency: string): string {
  return row.raw('unit_price') === undefined ? priceColumnOf(currency) : 'unit_price';
}

function unlessBad<T>(read: () => T | null | undefined): T | null {
  try {
    return read() ?? null;
  } catch (error) {
    if (error instanceof BadRow) return null;
    throw error;
  }
}
