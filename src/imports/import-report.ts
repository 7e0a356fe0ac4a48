import type { ImportSummary, RowProblem } from './imports.type.js';

const PROBLEMS_KEPT = 100;

/** Counts the rows of one import. */
export class ImportReport {
  readonly counts = { created: 0, updated: 0, unchanged: 0 };
  private readonly startedAt = performance.now();
  private readonly problems: RowProblem[] = [];
  private rejectedCount = 0;

  get rejected(): number {
    return this.rejectedCount;
  }

  get rows(): number {
    const { created, updated, unchanged } = this.counts;
    return created + updated + unchanged + this.rejectedCount;
  }

  reject(...problems: readonly RowProblem[]): void {
    this.rejectedCount += problems.length;
    this.problems.push(...problems.slice(0, PROBLEMS_KEPT - this.problems.length));
  }

  summary({
    unit,
    ignoredColumns,
    written,
  }: Pick<ImportSummary, 'unit' | 'ignoredColumns' | 'written'>): ImportSummary {
    return {
      ...(written ? this.counts : { created: 0, updated: 0, unchanged: 0 }),
      rejected: this.rejectedCount,
      // Rows are checked one by one but looked up batch by batch, so reasons come a little out of order.
      problems: this.problems.toSorted((a, b) => a.line - b.line),
      unit,
      ignoredColumns,
      written,
      seconds: (performance.now() - this.startedAt) / 1_000,
    };
  }
}
