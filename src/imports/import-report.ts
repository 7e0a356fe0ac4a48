import type { ImportCheckpoint, ImportSummary, RowProblem } from './imports.type.js';

/** Problems that a summary holds. */
export const PROBLEMS_KEPT = 100;

/** Counts the rows of one import. */
export class ImportReport {
  readonly counts = { created: 0, updated: 0, unchanged: 0 };
  private startedAt = performance.now();
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

  /** Begins with what an earlier attempt at the same file has counted. */
  goOn({ created, updated, unchanged, rejected, problems }: Omit<ImportCheckpoint, 'line'>): void {
    Object.assign(this.counts, { created, updated, unchanged });
    this.rejectedCount = rejected;
    this.problems.push(...problems);
  }

  /** The same with what a batch has counted; this one stays as it is. */
  plus(fates: readonly (keyof ImportReport['counts'])[], problems: readonly RowProblem[]): ImportReport {
    const sum = new ImportReport();
    sum.goOn({ ...this.counts, rejected: this.rejectedCount, problems: this.problems });
    sum.startedAt = this.startedAt;
    for (const fate of fates) sum.counts[fate] += 1;
    sum.reject(...problems);
    return sum;
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
