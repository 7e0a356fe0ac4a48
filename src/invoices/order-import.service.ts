import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { openRows, type RowFile } from '../files/file-rows.js';
import type { ImportProgress, RowProblem } from '../imports/imports.type.js';
import type { OrderImportSummary } from './invoices.type.js';
import { OrderImportRun } from './order-import-run.js';
import { batchesOf, invoicesOf, type RowOfInvoice } from './order-invoices.js';
import { LineProblemKind } from './order-problems.js';
import { OrderReturnsWriter } from './order-returns-writer.js';
import { acceptOrderHeader, isCancellation, readOrderRow, type OrderRowOfFile } from './order-rows.js';
import { OrderWriter } from './order-writer.js';

/** How an order file is imported. */
export interface OrderImportOptions {
  /** One line that is left out rejects the whole file, which is then written in one transaction or not at all. */
  strict?: boolean;
  /** Called after each batch. */
  onProgress?: (progress: ImportProgress) => void;
  /** Called with each line that is left out, about in the order of the file; a strict import may repeat itself. */
  onProblem?: (problem: RowProblem, unit: RowFile['unit']) => void;
}

type Step = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

/** Why a file is read: first for its invoices, then for its cancellations. */
type Pass = 'orders' | 'returns';

/**
 * Imports the orders of another system from a file of any size, in batches, each in its own transaction. The file is read
 * twice: a cancellation may stand before the invoice that it gives back of, and importing the same file again must change
 * nothing.
 */
@Injectable()
export class OrderImportService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly orders: OrderWriter,
    private readonly returns: OrderReturnsWriter,
  ) {}

  /** @throws ImportError when the file cannot be read as a whole; batches before the fault may have been written */
  async run(file: string, options: OrderImportOptions = {}): Promise<OrderImportSummary> {
    if (options.strict) return this.runStrictly(file, options);
    const run = await this.both(file, options, (work) => this.database.transaction(work));
    return run.summary({ currency: this.config.shopCurrency, written: true });
  }

  private async runStrictly(file: string, options: OrderImportOptions): Promise<OrderImportSummary> {
    const currency = this.config.shopCurrency;
    try {
      return await this.database.transaction(async (tx) => {
        const run = await this.both(file, options, (work) => work(tx));
        const summary = run.summary({ currency, written: true });
        if (summary.reported.lines > 0) throw new RefusedFile(run.summary({ currency, written: false }));
        return summary;
      });
    } catch (error) {
      if (!(error instanceof RefusedFile)) throw error;
      return error.summary;
    }
  }

  private async both(file: string, options: OrderImportOptions, step: Step): Promise<OrderImportRun> {
    const run = new OrderImportRun((problem, unit) => options.onProblem?.(problem, unit));
    await this.pass('orders', file, { run, step, options });
    await this.pass('returns', file, { run, step, options });
    return run;
  }

  private async pass(pass: Pass, file: string, { run, step, options }: Passing): Promise<void> {
    const { shopCurrency } = this.config;
    const opened = await openRows(file, (columns) => (run.ignoredColumns = acceptOrderHeader(columns, shopCurrency)));
    run.unit = opened.unit;
    const rows = pass === 'orders' ? ordersOf(opened, run, shopCurrency) : returnsOf(opened, shopCurrency);
    const reading = { unit: opened.unit, onNumber: () => (run.invoices += 1) };
    for await (const batch of batchesOf(invoicesOf(rows, reading))) {
      run.keep(pass, await step((tx) => this[pass].write(tx, batch)));
      const share = (opened.share() + (pass === 'orders' ? 0 : 1)) / 2;
      options.onProgress?.({ rows: run.file.lines, share });
    }
  }
}

interface Passing {
  run: OrderImportRun;
  step: Step;
  options: OrderImportOptions;
}

/** Ends the transaction of a strict import. */
class RefusedFile extends Error {
  constructor(readonly summary: OrderImportSummary) {
    super('Lines were left out.');
  }
}

/** Counts all rows and yields those of invoices; those that belong to none, and cancellations that cannot be used, are told. */
async function* ordersOf({ rows }: RowFile, run: OrderImportRun, currency: string): AsyncGenerator<RowOfInvoice> {
  for await (const raw of rows) {
    const row = readOrderRow(raw, currency);
    run.count(row);
    if (hasInvoice(row) && !isCancellation(row.invoice)) {
      yield row;
    } else if ('reason' in row.read) {
      const { line, amountMinor } = row;
      run.reject({ line, amountMinor, kind: LineProblemKind.UNUSABLE, reason: row.read.reason });
    }
  }
}

async function* returnsOf({ rows }: RowFile, currency: string): AsyncGenerator<RowOfInvoice> {
  for await (const raw of rows) {
    const row = readOrderRow(raw, currency);
    if (hasInvoice(row) && isCancellation(row.invoice) && !('reason' in row.read)) yield row;
  }
}

function hasInvoice(row: OrderRowOfFile): row is RowOfInvoice {
  return row.invoice !== null;
}
