import type { RowProblem } from '../imports/imports.type.js';
import type { LineSum, OrderImportSummary } from './invoices.type.js';
import type { LineFault, LineProblemKind } from './order-problems.js';
import type { OrderRowOfFile } from './order-rows.js';

/** What one batch did. It counts when its transaction has committed. */
export interface OrderBatchOutcome {
  /** Orders, or lines of cancellations. */
  created: number;
  unchanged: number;
  /** What the shop has of the batch now, as its tables say. */
  sum: LineSum;
  faults: readonly LineFault[];
}

type Counts = Pick<OrderImportSummary, 'orders' | 'returns'>;

/** The books of one import: what the file holds, and what became of each of its lines. */
export class OrderImportRun {
  readonly file = nothing();
  /** What `line` of a line counts. */
  unit: 'line' | 'item' = 'line';
  ignoredColumns: string[] = [];
  /** Different numbers of invoices. */
  invoices = 0;
  private readonly startedAt = performance.now();
  private readonly counts: Counts = {
    orders: { created: 0, unchanged: 0, ...nothing() },
    returns: { created: 0, unchanged: 0, ...nothing() },
  };
  private readonly reported = nothing();
  private readonly reasons = new Map<LineProblemKind, LineSum>();
  private unreadable = 0;

  /** @param tell called with each line that is left out */
  constructor(private readonly tell: (problem: RowProblem, unit: 'line' | 'item') => void) {}

  /** Counts a line of the file, before anything is done with it. */
  count({ amountMinor }: OrderRowOfFile): void {
    enter(this.file, 1, amountMinor);
    if (amountMinor === null) this.unreadable += 1;
  }

  reject(...faults: readonly LineFault[]): void {
    for (const { line, reason, kind, amountMinor } of faults) {
      enter(this.reported, 1, amountMinor);
      const sum = this.reasons.get(kind) ?? nothing();
      this.reasons.set(kind, sum);
      enter(sum, 1, amountMinor);
      this.tell({ line, reason }, this.unit);
    }
  }

  keep(what: keyof Counts, { created, unchanged, sum, faults }: OrderBatchOutcome): void {
    const counts = this.counts[what];
    counts.created += created;
    counts.unchanged += unchanged;
    enter(counts, sum.lines, sum.minor);
    this.reject(...faults);
  }

  /** @param written `false` when all of it was rolled back */
  summary({ currency, written }: Pick<OrderImportSummary, 'currency' | 'written'>): OrderImportSummary {
    const { file, reported, reasons, invoices, unreadable, ignoredColumns, counts } = this;
    const { orders, returns } = counts;
    const imported = { lines: orders.lines + returns.lines, minor: orders.minor + returns.minor };
    const rolledBack = { created: 0, unchanged: 0, ...nothing() };
    return {
      currency,
      written,
      file,
      reported,
      reasons,
      invoices,
      unreadable,
      ignoredColumns,
      ...(written ? { orders, returns, imported } : { orders: rolledBack, returns: rolledBack, imported: nothing() }),
      difference: {
        lines: file.lines - imported.lines - reported.lines,
        minor: file.minor - imported.minor - reported.minor,
      },
      seconds: (performance.now() - this.startedAt) / 1_000,
    };
  }
}

function nothing(): LineSum {
  return { lines: 0, minor: 0n };
}

function enter(sum: LineSum, lines: number, minor: bigint | null): void {
  sum.lines += lines;
  sum.minor += minor ?? 0n;
}
