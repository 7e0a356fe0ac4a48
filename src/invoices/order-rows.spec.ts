import { acceptOrderHeader, isCancellation, readOrderRow } from './order-rows.js';

const ROW = { invoice: '1', sku: 'A', quantity: '2', invoice_date: '2011-11-21 08:02:00', unit_price: '1.5' };
const read = (cells: Record<string, unknown>) =>
  readOrderRow({ line: 2, cells: new Map(Object.entries({ ...ROW, ...cells })) }, 'GBP');

describe('a row of an order file', () => {
  it('is a line of an invoice', () => {
    const line = { line: 2, invoice: '1', sku: 'A', quantity: 2, unitPriceMinor: 150, customer: null };
    const placedAt = '2011-11-21T08:02:00.000Z';
    const read2 = { ...line, placedAt, amountMinor: 300n };
    expect(read({})).toEqual({ line: 2, invoice: '1', amountMinor: 300n, read: read2 });
  });

  it.each<[Record<string, unknown>, object]>([
    [{ quantity: '-2' }, { quantity: -2, amountMinor: -300n }],
    [
      { quantity: 3, unit_price: 0 },
      { quantity: 3, amountMinor: 0n },
    ],
    [{ customer_id: ' 17 850 ' }, { customer: '17 850' }],
    [{ unit_price: '', unit_price_gbp: '2.00' }, { unitPriceMinor: 200 }],
    [{ invoice_date: '2011-11-21' }, { placedAt: '2011-11-21T00:00:00.000Z' }],
    [{ invoice_date: '2011-11-21T08:02' }, { placedAt: '2011-11-21T08:02:00.000Z' }],
    [{ invoice_date: '2011-11-21T00:30:00+01:00' }, { placedAt: '2011-11-20T23:30:00.000Z' }],
  ])('says %j', (cells, expected) => {
    expect(read(cells).read).toMatchObject(expected);
  });

  it.each<[Record<string, unknown>, string, bigint | null]>([
    [{ invoice: '' }, 'invoice: is missing', 300n],
    [{ invoice: 'x'.repeat(41) }, 'invoice: has more than 40 characters', 300n],
    [{ sku: ' A' }, 'sku: " A" begins or ends with a blank', 300n],
    [{ sku: '' }, 'sku: is missing', 300n],
    [{ quantity: '' }, 'quantity: is missing', null],
    [{ quantity: '1.5' }, 'quantity: "1.5" is not a whole number', null],
    [{ quantity: '0' }, 'quantity: "0" is not from 1 to 1000000, or the same below 0', 0n],
    [{ quantity: '1000001' }, 'quantity: "1000001" is not from 1 to 1000000, or the same below 0', 150_000_150n],
    [{ unit_price: '90000000000', quantity: '2' }, 'quantity: the line comes to too much', 18_000_000_000_000n],
    [{ unit_price: '-1' }, 'unit_price: "-1" is negative', -200n],
    [{ unit_price: '£1' }, 'unit_price: "£1" is not an amount of GBP with at most 2 decimal places', null],
    [{ unit_price: '' }, 'unit_price_gbp: is missing', null],
    [{ currency: 'EUR' }, 'currency: the price is in EUR; this shop sells in GBP', null],
    [{ invoice_date: '' }, 'invoice_date: is missing', 300n],
    ...['21/11/2011', '2011-11-31', '2011-13-01', '2011-11-21 24:00', '2011-11-21 08:60'].map(
      (time): [Record<string, unknown>, string, bigint] => [
        { invoice_date: time },
        `invoice_date: ${JSON.stringify(time)} is not a time such as 2011-11-21 08:02:00`,
        300n,
      ],
    ),
  ])('%j cannot be used, and counts in the sum as far as it can be read', (cells, reason, amountMinor) => {
    expect(read(cells)).toMatchObject({ amountMinor, read: { reason } });
  });

  it('belongs to a cancellation when its number is C and digits', () => {
    expect(['C536379', 'C1', '536379', 'CASH', 'c1'].map(isCancellation)).toEqual([true, true, false, false, false]);
  });
});

describe('the header of an order file', () => {
  it('must have what makes a line; other columns are ignored', () => {
    const columns = ['invoice', 'sku', 'quantity', 'invoice_date', 'unit_price_gbp', 'customer_id', 'country'];
    expect(acceptOrderHeader(columns, 'GBP')).toEqual(['country']);
    expect(() => acceptOrderHeader(columns.slice(1), 'GBP')).toThrow(
      'the header has no column "invoice"; it has: sku,',
    );
    const priced = 'the header has no column "unit_price" or "unit_price_eur"; it has: invoice,';
    expect(() => acceptOrderHeader(columns, 'EUR')).toThrow(priced);
  });
});
