import type { CategoryDirectory } from './category-directory.js';
import { ImportReport } from './import-report.js';
import { BadRow } from '../files/files.errors.js';
import type { RowProblem } from './imports.type.js';
import type { ProductDraft, ProductPlan, RowFate } from './product-plan.js';
import type { ProductRowOfFile } from './product-rows.js';
import { SeenLines } from '../files/seen-lines.js';

/** What one batch did. It counts when its transaction has committed. */
export interface BatchOutcome {
  fates: RowFate[];
  problems: RowProblem[];
  directory: CategoryDirectory;
  /** Ids of the products that a row was about. */
  ids: ReadonlyMap<ProductDraft, string>;
}

/** What one import of a product file remembers from batch to batch. */
export class ProductImportRun {
  readonly report = new ImportReport();
  /** SKUs of the file. */
  readonly skus = new SeenLines();
  /** Ids of the products that a row was about. */
  readonly products = new SeenLines();
  ignoredColumns: string[] = [];
  /** The tree as the last batch left it; `null` before the first one. */
  directory: CategoryDirectory | null = null;

  /** @param defaultStock units of new variants whose row does not tell */
  constructor(readonly defaultStock: number) {}

  keep({ fates, problems, directory, ids }: BatchOutcome): void {
    for (const fate of fates) this.report.counts[fate] += 1;
    this.report.reject(...problems);
    for (const [{ firstLine }, id] of ids) if (firstLine !== null) this.products.firstLine(id, firstLine);
    this.directory = directory;
  }
}

/** Puts rows into a plan; those that do not fit are problems. */
export function planRows(
  rows: readonly ProductRowOfFile[],
  plan: ProductPlan,
): Pick<BatchOutcome, 'fates' | 'problems'> {
  const fates: RowFate[] = [];
  const problems: RowProblem[] = [];
  for (const row of rows) {
    try {
      fates.push(plan.add(row));
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      problems.push({ line: row.line, reason: error.message });
    }
  }
  return { fates, problems };
}
