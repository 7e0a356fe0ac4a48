import type { ImportSummary } from '../imports/imports.type.js';

/** Lines of an order file and what they come to. */
export interface LineSum {
  lines: number;
  /** Price times quantity, in minor units; what came back is below 0. */
  minor: bigint;
}

/** What became of one kind of invoices. */
export interface ImportedSum extends LineSum {
  created: number;
  /** Imported before. */
  unchanged: number;
}

/** What an import of orders did. Every line of the file is in exactly one of `orders`, `returns` and `reported`. */
export interface OrderImportSummary extends Pick<ImportSummary, 'ignoredColumns' | 'written' | 'seconds'> {
  currency: string;
  /** Invoices and cancellations of the file. */
  invoices: number;
  file: LineSum;
  /** Invoices that are orders of the shop now. */
  orders: ImportedSum;
  /** Lines of cancellations that are refunds of orders now. */
  returns: ImportedSum;
  /** The orders and the returns together; nothing when nothing was written. */
  imported: LineSum;
  /** Lines that were left out. */
  reported: LineSum;
  /** The same by the kind of their problem. */
  reasons: ReadonlyMap<string, LineSum>;
  /** Lines whose amount cannot be read: they count as lines, and in no sum of money. */
  unreadable: number;
  /** What the file holds beyond what was imported and reported: nothing, or the import is wrong. */
  difference: LineSum;
}
