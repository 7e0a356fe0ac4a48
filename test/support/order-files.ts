import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderImportSummary } from '../../src/invoices/invoices.type.js';
import { OrderImportService, type OrderImportOptions } from '../../src/invoices/order-import.service.js';
import type { Shop } from './shop.js';

/** First line of the order files of the tests. */
export const HEADER = 'invoice,sku,quantity,invoice_date,unit_price,customer_id\n';

const TABLES = ['orders', 'order_lines', 'order_history', 'payments', 'refunds', 'products', 'stock_levels'];

/** A folder for the files of one test file, removed at its end. */
export function orderFiles(): (text: string, ending?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'souk-order-import-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let files = 0;
  return (text, ending = 'csv') => {
    const path = join(folder, `${(files += 1)}.${ending}`);
    writeFileSync(path, text);
    return path;
  };
}

/** Keeps a vacuum of many new rows from holding the database while it is dropped. */
export async function withoutVacuum(shop: Shop): Promise<void> {
  for (const table of TABLES) await rowsOf(shop, `ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
}

/** Rows that a statement answers. */
export function rowsOf(shop: Shop, sql: string): Promise<Record<string, any>[]> {
  return shop.database.query('test.orderImport', sql);
}

/** Imports a file and answers its books, which must balance, with everything that it told in the order of the lines. */
export async function importOrders(
  shop: Shop,
  path: string,
  options?: OrderImportOptions,
): Promise<OrderImportSummary & { told: readonly string[] }> {
  const told: [line: number, text: string][] = [];
  const onProblem: OrderImportOptions['onProblem'] = ({ line, reason }, unit) =>
    told.push([line, `${unit} ${line}: ${reason}`]);
  const summary = await shop.app.get(OrderImportService).run(path, { ...options, onProblem });
  if (summary.written) expect(summary.difference).toEqual({ lines: 0, minor: 0n });
  return { ...summary, told: told.toSorted(([a], [b]) => a - b).map(([, text]) => text) };
}

/** Orders and refunds: created and unchanged. */
export function counts({ orders, returns }: OrderImportSummary): number[] {
  return [orders.created, orders.unchanged, returns.created, returns.unchanged];
}

/** How many events there have ever been, without those that tell of counted sales: they come by themselves. */
export const EVENTS = `((SELECT last_pos FROM event_state) + (SELECT count(*) FROM event_outbox WHERE topic <> 'sales')
  - (SELECT count(*) FROM event_log WHERE topic = 'sales'))`;

/** All that an import writes, with the transaction that wrote each row, and how many events there have ever been. */
export async function importDump(shop: Shop): Promise<unknown> {
  const hashes = TABLES.map(
    (table) => `(SELECT md5(string_agg(t.xmin || ' ' || t::text, ' ' ORDER BY t::text)) FROM ${table} t) AS ${table}`,
  );
  return (await rowsOf(shop, `SELECT ${hashes.join(', ')}, ${EVENTS} AS events`))[0];
}

/** What is wrong with the money, the lines and the history of imported orders. */
export function wrongImports(shop: Shop): Promise<object[]> {
  return rowsOf(
    shop,
    `SELECT o.number, l.*, p.*, r.*, h.* FROM orders o,
       LATERAL (SELECT coalesce(sum(unit_price_minor * quantity), 0) AS goods, coalesce(sum(discount_minor), 0) AS discount,
         coalesce(bool_and(fulfilled = quantity AND (variant_id IS NULL) = (product_id IS NULL)), true) AS whole
         FROM order_lines l WHERE l.order_id = o.id) l,
       LATERAL (SELECT coalesce(sum(captured_minor), 0) AS captured, coalesce(sum(refunded_minor), 0) AS back,
         count(*) AS payments FROM payments p WHERE p.order_id = o.id AND p.state = 'CAPTURED') p,
       LATERAL (SELECT coalesce(sum(amount_minor), 0) AS refunds FROM refunds r
         WHERE r.order_id = o.id AND r.state = 'SUCCEEDED') r,
       LATERAL (SELECT count(*) AS entries FROM order_history h WHERE h.order_id = o.id) h
     WHERE o.email IS NULL AND NOT (l.whole AND (o.subtotal_minor, o.discount_minor) = (l.goods, l.discount)
       AND o.paid_minor = o.total_minor AND o.paid_minor = p.captured AND p.payments = (o.total_minor > 0)::integer
       AND o.refunded_minor = p.back AND o.refunded_minor = r.refunds AND o.version = h.entries + 1 AND o.customer_id IS NULL
       AND o.state = CASE WHEN o.refunded_minor > 0 AND o.refunded_minor = o.paid_minor THEN 'REFUNDED' ELSE 'DELIVERED' END)`,
  );
}
