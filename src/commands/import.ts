import { CategoryImportService, type CategoryImportOptions } from '../imports/category-import.service.js';
import type { ImportSummary } from '../imports/imports.type.js';
import { OrderImportService } from '../invoices/order-import.service.js';
import { ProductImportService, type ProductImportOptions } from '../imports/product-import.service.js';
import { CommandError } from './command-error.js';
import { isBalanced, orderBooks } from './order-summary.js';
import { startProgress } from './progress.js';
import { withShop } from './session.js';

/** Imports products and tells what became of each row. Rejected rows fail the command when it is strict. */
export async function importProducts(
  file: string,
  options: Pick<ProductImportOptions, 'strict' | 'stock'>,
): Promise<void> {
  const summary = await withShop(async (shop) => {
    const progress = startProgress();
    try {
      return await shop.get(ProductImportService).run(file, { ...options, onProgress: (now) => progress.show(now) });
    } finally {
      progress.stop();
    }
  });
  report(file, summary);
}

/** Imports a tree of categories, or nothing when a row is bad. */
export async function importCategories(file: string, options: CategoryImportOptions): Promise<void> {
  report(file, await withShop((shop) => shop.get(CategoryImportService).run(file, options)));
}

/** Imports orders, tells each line that is left out, and fails when the sums of the file and of the shop differ. */
export async function importOrders(file: string, { strict }: { strict?: boolean }): Promise<void> {
  const summary = await withShop(async (shop) => {
    const progress = startProgress();
    try {
      return await shop.get(OrderImportService).run(file, {
        strict,
        onProgress: (now) => progress.show(now),
        onProblem: ({ line, reason }, unit) => progress.tell(`${unit} ${line}: ${reason}`),
      });
    } finally {
      progress.stop();
    }
  });
  const { orders, returns, invoices, reported, ignoredColumns, written, seconds } = summary;
  tellIgnored(ignoredColumns);
  if (!written) throw nothingImported(file, reported.lines);
  console.log(orderBooks(summary));
  const parts = [`${orders.created} created`, `${orders.unchanged} unchanged`];
  const returned = `${counted(returns.created, 'refund')} created, ${returns.unchanged} unchanged`;
  console.log(`${counted(invoices, 'invoice')} in ${seconds.toFixed(1)} s: orders ${parts.join(', ')}; ${returned}.`);
  if (!isBalanced(summary))
    throw new CommandError(`${file}: what was imported and reported is not what the file holds.`);
}

function report(file: string, summary: ImportSummary): void {
  const { problems, rejected, unit, ignoredColumns, written } = summary;
  for (const { line, reason } of problems) console.error(`${unit} ${line}: ${reason}`);
  if (rejected > problems.length) console.error(`… and ${rejected - problems.length} more.`);
  tellIgnored(ignoredColumns);
  if (!written) throw nothingImported(file, rejected);
  console.log(sentence(summary));
}

function tellIgnored(columns: readonly string[]): void {
  if (columns.length > 0) console.error(`Ignored columns: ${columns.join(', ')}.`);
}

function nothingImported(file: string, rejected: number): CommandError {
  return new CommandError(`${file}: nothing was imported, because of ${counted(rejected, 'rejected row')}.`);
}

function sentence({ created, updated, unchanged, rejected, seconds }: ImportSummary): string {
  const rows = counted(created + updated + unchanged + rejected, 'row');
  const parts = [`${created} created`, `${updated} updated`, `${unchanged} unchanged`, `${rejected} rejected`];
  return `${rows} in ${seconds.toFixed(1)} s: ${parts.join(', ')}.`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
