import type { OrderImportSummary } from '../invoices/invoices.type.js';
import { isBalanced, orderBooks } from './order-summary.js';

const sum = (lines: number, minor: bigint) => ({ lines, minor });
const SUMMARY: OrderImportSummary = {
  currency: 'GBP',
  written: true,
  seconds: 1,
  ignoredColumns: [],
  invoices: 2,
  unreadable: 1,
  file: sum(12, 1_234_567_890_123_456_789n),
  orders: { created: 1, unchanged: 0, ...sum(10, 1_234_567_890_123_456_790n) },
  returns: { created: 0, unchanged: 0, ...sum(0, 0n) },
  imported: sum(10, 1_234_567_890_123_456_790n),
  reported: sum(2, -1n),
  reasons: new Map([['a reason', sum(2, -1n)]]),
  difference: sum(0, 0n),
};

describe('the books of an order import', () => {
  it('are a table, to the last penny', () => {
    expect(orderBooks(SUMMARY).split('\n')).toEqual([
      '             lines                   GBP',
      'in the file     12  12345678901234567.89',
      'imported        10  12345678901234567.90',
      '  orders        10  12345678901234567.90',
      '  refunds        0                  0.00',
      'reported         2                 -0.01',
      '  a reason       2                 -0.01',
      'difference       0                  0.00',
      'The amounts of 1 reported lines cannot be read and are in no sum of money.',
    ]);
  });

  it('balance only when nothing is missing', () => {
    expect(isBalanced(SUMMARY)).toBe(true);
    expect(isBalanced({ ...SUMMARY, difference: sum(1, 0n) })).toBe(false);
    expect(isBalanced({ ...SUMMARY, difference: sum(0, -1n) })).toBe(false);
  });
});
