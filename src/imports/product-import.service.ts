import { Injectable } from '@nestjs/common';
import { CategoriesService } from '../categories/categories.service.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { ProductsBulk } from '../products/products.bulk.js';
import { CategoryDirectory } from './category-directory.js';
import { CategoriesBulk } from '../categories/categories.bulk.js';
import type { FileRow } from '../files/row-reader.js';
import { openRows, type RowFile, type RowText } from '../files/file-rows.js';
import { BadRow } from '../files/files.errors.js';
import type { ImportCheckpoint, ImportProgress, ImportStep, ImportSummary } from './imports.type.js';
import { planRows, ProductImportRun, type BatchOutcome } from './product-import-run.js';
import { ProductPlan } from './product-plan.js';
import { acceptHeader, readProductRow, type PriceRules, type ProductRowOfFile } from './product-rows.js';
import { ProductWriter } from './product-writer.js';

/** How a product file is imported. */
export interface ProductImportOptions {
  /** One rejected row rejects the whole file, which is then written in one transaction or not at all. */
  strict?: boolean;
  /** Units of new variants whose row does not tell; 0 without it. */
  stock?: number;
  /** Round amounts that are finer than the currency. */
  roundPrices?: boolean;
  /** Called after each batch. */
  onProgress?: (progress: ImportProgress) => void;
  /** Who moves the stock; the system without it. */
  actorId?: string | null;
  /** Rows of one batch, about; 500 without it. Fewer hold the locks of their products for a shorter time. */
  batchRows?: number;
  /** Ends the import before the next batch, with its reason. */
  signal?: AbortSignal;
  /** What an earlier attempt at the same file has kept: its rows are passed over and counted as they were. */
  checkpoint?: ImportCheckpoint | null;
  /** Called at the end of each transaction that writes, within it. Where it throws, nothing of the batch is written. */
  keep?: (tx: Tx, step: ImportStep) => Promise<void>;
}

/** A file by its path, or its text. */
type Source = string | RowText;

const BATCH_ROWS = 500;
// What a product may have in variants: rows of one product that follow each other stay in one batch.
const MORE_ROWS = 100;
const ATTEMPTS = 3;
/** A line that no file has. */
const WHOLE_FILE = Number.MAX_SAFE_INTEGER;

type WriteBatch = (run: ProductImportRun, rows: readonly ProductRowOfFile[]) => Promise<BatchOutcome>;

/**
 * Imports products from a file of any size: rows are read, checked and written in batches, each in its own transaction.
 * Importing the same file again changes nothing. An empty cell leaves the value as it is; only a price to compare with
 * is taken away by it.
 */
@Injectable()
export class ProductImportService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly categories: CategoriesService,
    private readonly categoryQueries: CategoriesBulk,
    private readonly queries: ProductsBulk,
    private readonly writer: ProductWriter,
  ) {}

  /** @throws ImportError when the file cannot be read as a whole; batches before the fault may have been written */
  async run(source: Source, options: ProductImportOptions = {}): Promise<ImportSummary> {
    if (options.strict) return this.runStrictly(source, options);
    return this.each(source, options, (run, rows) =>
      again((attempt) => {
        // The tree may be another one by now, too.
        if (attempt > 1) run.directory = null;
        return this.database.transaction(async (tx) => {
          const outcome = await this.writeBatch(tx, run, rows);
          await options.keep?.(tx, run.stepOf(rows, outcome));
          return outcome;
        });
      }),
    );
  }

  /** Imports a file as part of a transaction. @throws ImportError */
  within(tx: Tx, source: Source, options: ProductImportOptions = {}): Promise<ImportSummary> {
    return this.each(source, options, (run, rows) => this.writeBatch(tx, run, rows));
  }

  /** How many rows a file has, those that cannot be used among them. @throws ImportError when it cannot be read as a whole */
  async count(source: Source): Promise<number> {
    const { rows } = await openRows(source, (columns) => acceptHeader(columns, this.config.shopCurrency));
    let count = 0;
    for await (const _row of rows) count += 1;
    return count;
  }

  private async runStrictly(source: Source, { keep, ...options }: ProductImportOptions): Promise<ImportSummary> {
    try {
      return await again(() =>
        this.database.transaction(async (tx) => {
          const summary = await this.within(tx, source, options);
          if (summary.rejected > 0) throw new RefusedFile(summary);
          const { created, updated, unchanged } = summary;
          const checkpoint = { line: WHOLE_FILE, created, updated, unchanged, rejected: 0, problems: [] };
          await keep?.(tx, { checkpoint, summary });
          return summary;
        }),
      );
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      return { ...error.summary, created: 0, updated: 0, unchanged: 0, written: false };
    }
  }

  private async each(source: Source, options: ProductImportOptions, write: WriteBatch): Promise<ImportSummary> {
    const { shopCurrency } = this.config;
    const { stock: defaultStock = 0, actorId = null, checkpoint = null, batchRows = BATCH_ROWS } = options;
    const run = new ProductImportRun({ defaultStock, actorId, checkpoint });
    const rows = await openRows(source, (columns) => (run.ignoredColumns = acceptHeader(columns, shopCurrency)));
    run.unit = rows.unit;
    for await (const batch of batches(rows, run, { shopCurrency, rounded: options.roundPrices, batchRows })) {
      options.signal?.throwIfAborted();
      if (run.passed.length > 0) await this.recall(run);
      run.keep(batch, await write(run, batch));
      options.onProgress?.({ rows: run.report.rows, share: rows.share() });
    }
    return run.summary();
  }

  /** Finds out which products the rows were about that an earlier attempt has dealt with. */
  private async recall(run: ProductImportRun): Promise<void> {
    const rejected = run.rejectedLines;
    const rows = run.passed.filter(({ line }) => !rejected.has(line));
    const skus = rows.map(({ sku }) => sku);
    const productOf = await this.queries.productsOf(this.database, skus);
    for (const { sku, line } of rows) {
      const id = productOf.get(sku);
      if (id !== undefined) run.products.firstLine(id, line);
    }
    run.passed = [];
  }

  private async writeBatch(tx: Tx, run: ProductImportRun, rows: readonly ProductRowOfFile[]): Promise<BatchOutcome> {
    await this.queries.takeTurn(tx);
    const directory = await this.directoryFor(tx, run, rows);
    const skus = rows.map(({ sku }) => sku);
    const slugs = rows.flatMap(({ product }) => product ?? []);
    const products = await this.queries.lock(tx, skus, slugs);
    const ids = products.map(({ id }) => id);
    const variants = ids.length > 0 ? await this.queries.variantsOf(tx, ids) : [];
    const plan = new ProductPlan(products, variants, {
      categoryIds: (names) => directory.find(names),
      firstLineOf: (id) => run.products.lineOf(id),
      defaultStock: run.defaultStock,
    });
    const planned = planRows(rows, plan);
    return { ...planned, directory, ids: await this.writer.write(tx, plan, run.actorId) };
  }

  /** The tree with every category that the rows name. Who adds one holds the lock of the tree until the batch is written. */
  private async directoryFor(
    tx: Tx,
    run: ProductImportRun,
    rows: readonly ProductRowOfFile[],
  ): Promise<CategoryDirectory> {
    const named = rows.flatMap(({ details }) => (details.category ? [details.category] : []));
    const known = run.directory ?? new CategoryDirectory(await this.categoryQueries.tree(tx));
    if (named.every((names) => known.find(names).length > 0)) return known;
    await this.categoryQueries.lockTree(tx);
    const directory = new CategoryDirectory(await this.categoryQueries.tree(tx));
    for (const names of named) if (directory.find(names).length === 0) await this.addCategories(tx, directory, names);
    return directory;
  }

  private async addCategories(tx: Tx, directory: CategoryDirectory, names: readonly string[]): Promise<void> {
    const { levels, id } = directory.deepest(names);
    let parentId = id;
    for (const name of names.slice(levels)) {
      const category = await this.categories.createIn(tx, { name, parentId });
      directory.add(category);
      parentId = category.id;
    }
  }
}

/** Ends the transaction of a strict import. */
class RefusedFile extends Error {
  constructor(readonly summary: ImportSummary) {
    super('Rows were rejected.');
  }
}

/** Rows that can be used, in batches. Those that cannot be are rejected on the way. */
async function* batches(
  { rows, unit }: RowFile,
  run: ProductImportRun,
  rules: PriceRules & { batchRows: number },
): AsyncGenerator<ProductRowOfFile[]> {
  let batch: ProductRowOfFile[] = [];
  for await (const row of rows) {
    const read = usable(row, unit, run, rules);
    if (!read) continue;
    if (read.line <= run.startsAfter) {
      run.passed.push(read);
      continue;
    }
    const goesOn = read.product !== undefined && read.product === batch.at(-1)?.product;
    if (batch.length >= (goesOn ? rules.batchRows + MORE_ROWS : rules.batchRows)) {
      yield batch;
      batch = [];
    }
    batch.push(read);
  }
  if (batch.length > 0) yield batch;
}

function usable(
  row: FileRow,
  unit: RowFile['unit'],
  run: ProductImportRun,
  rules: PriceRules,
): ProductRowOfFile | null {
  try {
    if ('fault' in row) throw new BadRow(row.fault);
    const read = readProductRow(row.line, row.cells, rules);
    const earlier = run.skus.firstLine(read.sku, row.line);
    if (earlier !== null) throw new BadRow(`sku: ${read.sku} stands in ${unit} ${earlier} already`);
    return read;
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    run.report.reject({ line: row.line, reason: error.message });
    return null;
  }
}

/** Runs a transaction again that met a change which somebody else made meanwhile: then it sees that change. */
async function again<T>(work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= ATTEMPTS || violatedConstraint(error) === null) throw error;
    }
  }
}
