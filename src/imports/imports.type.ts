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

/** How the rows turned out that batches have dealt with, and which these are. */
export interface ImportCheckpoint {
  /** Where the last of them stands. */
  line: number;
  created: number;
  updated: number;
  unchanged: number;
  /** Rows that did not fit into their batch. Those that cannot be read are found again by reading. */
  rejected: number;
  /** The first 100 of these. */
  problems: readonly RowProblem[];
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

/** What an import has done when one more of its transactions commits. */
export interface ImportStep {
  /** From where another attempt goes on. */
  checkpoint: ImportCheckpoint;
  summary: ImportSummary;
}
