import type { LineSum, OrderImportSummary } from '../invoices/invoices.type.js';
import { formatMinor } from '../money/money.js';

/** The books of an order import as a table of lines and money: what the file holds, and where all of it went. */
export function orderBooks(summary: OrderImportSummary): string {
  const { currency, file, orders, returns, imported, reported, reasons, difference, unreadable } = summary;
  const rows: [title: string, sum: LineSum][] = [
    ['in the file', file],
    ['imported', imported],
    ['  orders', orders],
    ['  refunds', returns],
    ['reported', reported],
    ...[...reasons].map(([kind, sum]): [string, LineSum] => [`  ${kind}`, sum]),
    ['difference', difference],
  ];
  const cells = [
    ['', 'lines', currency],
    ...rows.map(([title, { lines, minor }]) => [title, String(lines), formatMinor(minor, currency)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const table = cells.map(([title = '', ...numbers]) =>
    [title.padEnd(widths[0] ?? 0), ...numbers.map((text, at) => text.padStart(widths[at + 1] ?? 0))].join('  '),
  );
  if (unreadable > 0)
    table.push(`The amounts of ${unreadable} reported lines cannot be read and are in no sum of money.`);
  return table.join('\n');
}

/** Whether every line and every penny of the file is in the shop or was reported. */
export function isBalanced({ difference }: OrderImportSummary): boolean {
  return difference.lines === 0 && difference.minor === 0n;
}
