import type { CategoryDirectory } from './category-directory.js';
import { ImportReport, PROBLEMS_KEPT } from './import-report.js';
import { BadRow } from '../files/files.errors.js';
import type { ImportCheckpoint, ImportStep, ImportSummary, RowProblem } from './imports.type.js';
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

/** How a run of an import is begun. */
interface RunOptions {
  /** Units of new variants whose row does not tell. */
  defaultStock: number;
  /** Whose change it is; `null` for the system. */
  actorId: string | null;
  /** What an earlier attempt at the same file has kept; `null` for none. */
  checkpoint: ImportCheckpoint | null;
}

const NOTHING_DONE: ImportCheckpoint = {
  line: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  rejected: 0,
  problems: [],
};

/** What one import of a product file remembers from batch to batch. */
export class ProductImportRun {
  readonly defaultStock: number;
  readonly actorId: string | null;
  /** Rows up to this line were dealt with before. */
  readonly startsAfter: number;
  /** SKUs of the file. */
  readonly skus = new SeenLines();
  /** Ids of the products that a row was about. */
  readonly products = new SeenLines();
  /** Rows up to the checkpoint, until it was looked up which products they were about. */
  passed: ProductRowOfFile[] = [];
  ignoredColumns: string[] = [];
  unit: ImportSummary['unit'] = 'line';
  /** The tree as the last batch left it; `null` before the first one. */
  directory: CategoryDirectory | null = null;
  private rowReport = new ImportReport();
  private stand: ImportCheckpoint;

  constructor({ defaultStock, actorId, checkpoint }: RunOptions) {
    this.defaultStock = defaultStock;
    this.actorId = actorId;
    this.stand = checkpoint ?? NOTHING_DONE;
    this.startsAfter = this.stand.line;
    this.rowReport.goOn(this.stand);
  }

  /** Lines that did not fit into a batch; the first 100. */
  get rejectedLines(): ReadonlySet<number> {
    return new Set(this.stand.problems.map(({ line }) => line));
  }

  get report(): ImportReport {
    return this.rowReport;
  }

  summary(report = this.rowReport): ImportSummary {
    const { unit, ignoredColumns } = this;
    return report.summary({ unit, ignoredColumns, written: true });
  }

  /** What will have been done when this batch is kept. */
  stepOf(rows: readonly ProductRowOfFile[], { fates, problems }: BatchOutcome): ImportStep {
    const { line, created, updated, unchanged, rejected } = this.stand;
    const times = (fate: RowFate): number => fates.filter((one) => one === fate).length;
    const checkpoint = {
      line: rows.at(-1)?.line ?? line,
      created: created + times('created'),
      updated: updated + times('updated'),
      unchanged: unchanged + times('unchanged'),
      rejected: rejected + problems.length,
      problems: [...this.stand.problems, ...problems].slice(0, PROBLEMS_KEPT),
    };
    return { checkpoint, summary: this.summary(this.rowReport.plus(fates, problems)) };
  }

  /** Takes in what a batch has done. */
  keep(rows: readonly ProductRowOfFile[], outcome: BatchOutcome): void {
    this.stand = this.stepOf(rows, outcome).checkpoint;
    this.rowReport = this.rowReport.plus(outcome.fates, outcome.problems);
    for (const [{ firstLine }, id] of outcome.ids) if (firstLine !== null) this.products.firstLine(id, firstLine);
    this.directory = outcome.directory;
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
