import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ProductsBulk, type StoredProduct, type StoredVariant } from '../products/products.bulk.js';
import { CategoryDirectory } from './category-directory.js';
import { CategoriesBulk } from '../categories/categories.bulk.js';
import { formatOf } from '../files/file-rows.js';
import { ImportError } from '../files/files.errors.js';
import type { ExportSummary, ImportProgress } from './imports.type.js';
import { exportedRow, TEXT_WRITERS, type ExportedRow, type TextWriter } from './product-text.js';

type Counts = Omit<ExportSummary, 'seconds'>;

const PAGE = 500;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** Writes all products into a file that the import understands: oldest first, one row for each variant. */
@Injectable()
export class ProductExportService {
  constructor(
    private readonly database: Database,
    private readonly categories: CategoriesBulk,
    private readonly queries: ProductsBulk,
  ) {}

  /**
   * Writes page by page, each as it is when it is read. The file gets its name when it is complete.
   * @throws ImportError when the file cannot be written, or its name tells no format
   */
  async run(file: string, onProgress?: (progress: ImportProgress) => void): Promise<ExportSummary> {
    const startedAt = performance.now();
    const format = formatOf(file);
    const total = await this.queries.count(this.database);
    const counts = { rows: 0, products: 0, leftOut: 0 };
    const told = (): void =>
      onProgress?.({ rows: counts.rows, share: Math.min(1, (counts.products + counts.leftOut) / total) });
    const part = `${file}.part`;
    try {
      await pipeline(this.text(TEXT_WRITERS[format], counts, told), createWriteStream(part));
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw unwritable(file, error);
    }
    return { ...counts, seconds: (performance.now() - startedAt) / 1_000 };
  }

  private async *text(writer: TextWriter, counts: Counts, told: () => void): AsyncGenerator<string> {
    yield writer.begin;
    for await (const products of this.pages()) {
      const rows = products.flat();
      yield writer.rows(rows, counts.rows === 0);
      const sold = products.filter((variants) => variants.length > 0).length;
      counts.rows += rows.length;
      counts.products += sold;
      counts.leftOut += products.length - sold;
      told();
    }
    yield writer.end;
  }

  /** The rows of each product, a page of products at a time. */
  private async *pages(): AsyncGenerator<ExportedRow[][]> {
    let directory = new CategoryDirectory([]);
    for (let after = BEFORE_ALL; ;) {
      const products = await this.queries.page(this.database, after, PAGE);
      const last = products.at(-1);
      if (!last) return;
      const ids = products.map(({ id }) => id);
      const variants = Map.groupBy(await this.queries.variantsOf(this.database, ids), ({ productId }) => productId);
      if (products.some(({ categoryId }) => categoryId !== null && !directory.namesOf(categoryId))) {
        directory = new CategoryDirectory(await this.categories.tree(this.database));
      }
      yield products.map((product) => rowsOf(product, variants.get(product.id) ?? [], directory));
      after = last.id;
    }
  }
}

function rowsOf(
  product: StoredProduct,
  variants: readonly StoredVariant[],
  directory: CategoryDirectory,
): ExportedRow[] {
  const category = product.categoryId === null ? null : directory.namesOf(product.categoryId);
  return variants.map((variant, index) => exportedRow(product, variant, { category, first: index === 0 }));
}

function unwritable(file: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Errors of the database have codes too, but come from no call of the system on a file.
  if (syscall === undefined || !['open', 'write', 'rename'].includes(syscall)) return error;
  return new ImportError(`${file} cannot be written (${code}).`);
}
