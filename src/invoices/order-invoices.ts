import { SeenLines } from '../files/seen-lines.js';
import { LineProblemKind, type LineFault } from './order-problems.js';
import type { OrderLineOfFile, OrderRowOfFile } from './order-rows.js';

/** Lines of one invoice that stand together. */
export interface Invoice {
  number: string;
  /** What `line` of a line counts. */
  unit: 'line' | 'item';
  lines: OrderLineOfFile[];
  /** Its lines that cannot be used. */
  faults: LineFault[];
  /** Why none of its lines can be used; `null` when they can. */
  refusal: string | null;
}

/** A row whose invoice can be read. */
export type RowOfInvoice = OrderRowOfFile & { invoice: string };

/** Lines that one order may have. */
const MAX_LINES = 5_000;
const BATCH_LINES = 500;

/** How the invoices of a file are told apart. */
export interface InvoiceReading {
  unit: Invoice['unit'];
  /** Called for each number that was not seen before. */
  onNumber: () => void;
}

/**
 * Puts rows together to invoices. Only rows that follow each other are one invoice: lines of a number that was seen before
 * are refused, because the order may have been written by then.
 */
export async function* invoicesOf(
  rows: AsyncIterable<RowOfInvoice>,
  { unit, onNumber }: InvoiceReading,
): AsyncGenerator<Invoice> {
  const seen = new SeenLines();
  let invoice: Invoice | null = null;
  for await (const row of rows) {
    if (invoice?.number !== row.invoice) {
      if (invoice) yield invoice;
      const first = seen.firstLine(row.invoice, row.line);
      if (first === null) onNumber();
      const refusal: string | null = first === null ? null : `begins in ${unit} ${first}, and its lines stand apart`;
      invoice = emptyInvoice(row.invoice, unit, refusal);
    } else if (invoice.lines.length + invoice.faults.length >= MAX_LINES) {
      invoice.refusal ??= `has more than ${MAX_LINES} lines`;
      yield invoice;
      invoice = emptyInvoice(row.invoice, unit, invoice.refusal);
    }
    add(invoice, row);
  }
  if (invoice) yield invoice;
}

/** Invoices in batches of 500 lines or a little more. */
export async function* batchesOf(invoices: AsyncIterable<Invoice>): AsyncGenerator<Invoice[]> {
  let batch: Invoice[] = [];
  let lines = 0;
  for await (const invoice of invoices) {
    batch.push(invoice);
    lines += invoice.lines.length + invoice.faults.length;
    if (lines < BATCH_LINES) continue;
    yield batch;
    [batch, lines] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** All lines of an invoice, left out because of its number. */
export function refusedLines({ number, lines, faults }: Invoice, kind: LineProblemKind, why: string): LineFault[] {
  const refused = lines.map(({ line, amountMinor }) => ({
    line,
    amountMinor,
    kind,
    reason: `invoice: ${number} ${why}`,
  }));
  return [...faults, ...refused];
}

function emptyInvoice(number: string, unit: Invoice['unit'], refusal: string | null): Invoice {
  return { number, unit, lines: [], faults: [], refusal };
}

function add(invoice: Invoice, { line, amountMinor, read }: RowOfInvoice): void {
  if ('reason' in read) {
    invoice.faults.push({ line, amountMinor, kind: LineProblemKind.UNUSABLE, reason: read.reason });
  } else {
    invoice.lines.push(read);
  }
}
