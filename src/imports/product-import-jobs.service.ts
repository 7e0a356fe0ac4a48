import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { FileFormat, RowText } from '../files/file-rows.js';
import { ImportError } from '../files/files.errors.js';
import { JobHandlers } from '../jobs/job-handlers.service.js';
import type { JobOutcome, JobRun, JobStand } from '../jobs/job-run.type.js';
import { JobKind, type Job } from '../jobs/job.type.js';
import { JobsService } from '../jobs/jobs.service.js';
import { ImportFormat, type ImportProductsInput } from './import.inputs.js';
import type { ImportedRows } from './import.payloads.js';
import { FileInvalid } from './imports.errors.js';
import type { ImportCheckpoint, ImportSummary } from './imports.type.js';
import { ProductImportService } from './product-import.service.js';

/** Small, so that requests for the same products do not wait long. */
const BATCH_ROWS = 100;
const COLUMNS_KEPT = 50;
const COLUMN_LENGTH = 100;

const FORMATS: Readonly<Record<ImportFormat, FileFormat>> = {
  [ImportFormat.CSV]: 'csv',
  [ImportFormat.JSONL]: 'ndjson',
};

/** Imports products behind a request. */
@Injectable()
export class ProductImportJobs implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobsService,
    private readonly handlers: JobHandlers,
    private readonly products: ProductImportService,
  ) {}

  onModuleInit(): void {
    this.handlers.register(JobKind.PRODUCT_IMPORT, (run) => this.run(run));
  }

  /** @throws FileInvalid, TooManyJobs */
  async enqueue(viewer: Viewer, input: ImportProductsInput): Promise<Job> {
    const total = await this.countRows(input);
    const { format, content, strict, defaultStock } = input;
    return this.database.transaction((tx) =>
      this.jobs.enqueue(tx, {
        kind: JobKind.PRODUCT_IMPORT,
        input: { format, content, strict, defaultStock },
        total,
        createdById: viewer.id,
      }),
    );
  }

  private async countRows(input: ImportProductsInput): Promise<number> {
    try {
      const rows = await this.products.count(textOf(input));
      if (rows === 0) throw new FileInvalid('it has no rows.');
      return rows;
    } catch (error) {
      throw error instanceof ImportError ? new FileInvalid(error.message) : error;
    }
  }

  private async run({ input, checkpoint, createdById, signal, keep }: JobRun): Promise<JobOutcome> {
    const wanted = input as ImportProductsInput;
    const summary = await this.products.run(textOf(wanted), {
      strict: wanted.strict,
      stock: wanted.defaultStock,
      actorId: createdById,
      batchRows: BATCH_ROWS,
      checkpoint: checkpoint as ImportCheckpoint | null,
      signal,
      keep: (tx, step) => keep(tx, { ...standOf(step.summary), checkpoint: step.checkpoint }),
    });
    const failure = summary.written ? null : `Nothing was imported: ${summary.rejected} of the rows cannot be used.`;
    return { ...standOf(summary), failure };
  }
}

function textOf({ format, content }: ImportProductsInput): RowText {
  return { format: FORMATS[format], text: content };
}

function standOf({ problems, ignoredColumns, ...summary }: ImportSummary): JobStand {
  const { created, updated, unchanged, rejected, written } = summary;
  // Both are as long as the header, and every event of the job holds them.
  const columns = ignoredColumns.slice(0, COLUMNS_KEPT).map((name) => name.slice(0, COLUMN_LENGTH));
  const result: ImportedRows = { created, updated, unchanged, rejected, ignoredColumns: columns };
  return { done: written ? created + updated + unchanged + rejected : 0, problems, result };
}
