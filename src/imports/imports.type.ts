/** A row that was left out, and why. */
export interface RowProblem {
  /** Where it stands, from 1: the line of a CSV or NDJSON file (the header is line 1), the item of a JSON array. */
  line: number;
  reason: string;
}

/** How far an import or export has come. */
export interface ImportProgress {
  rows: number;
  /** From 0 to 1. */
  share: number;
}

/** What an import did. Every row is counted once. */
export interface ImportSummary {
  created: number;
  updated: number;
  unchanged: number;
  rejected: number;
  /** The first 100 of the rejected rows. */
  problems: readonly RowProblem[];
  /** What `line` of a problem counts. */
  unit: 'line' | 'item';
  /** Columns of the file that mean nothing here. */
  ignoredColumns: readonly string[];
  /** `false` when the rejected rows made the import refuse the whole file; then nothing was changed. */
  written: boolean;
  seconds: number;
}

/** What an export did. */
export interface ExportSummary {
  rows: number;
  products: number;
  /** Products without a variant: the file has one row for each variant, so it cannot say anything about them. */
  leftOut: number;
  seconds: number;
}

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
