import { batchesOf, invoicesOf, type Invoice, type RowOfInvoice } from './order-invoices.js';
import { planOrder } from './order-plan.js';

const lineOf = (invoice: string, line: number, traits: object = {}): RowOfInvoice => {
  const values = {
    sku: 'A',
    quantity: 1,
    unitPriceMinor: 100,
    amountMinor: 100n,
    placedAt: '2011-11-21T08:02:00.000Z',
  };
  return { line, invoice, amountMinor: 100n, read: { line, invoice, customer: null, ...values, ...traits } };
};

async function* rowsOf(...numbers: string[]): AsyncGenerator<RowOfInvoice> {
  let line = 1;
  for (const number of numbers) yield lineOf(number, (line += 1));
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const reading = (numbers: string[]) => ({ unit: 'line' as const, onNumber: () => void numbers.push('') });

const planned = (...traits: object[]) => {
  const lines = traits.map((values, index) => lineOf('1', index + 2, values).read) as Invoice['lines'];
  return planOrder({ number: '1', unit: 'line', lines, faults: [], refusal: null });
};

describe('the invoices of a file', () => {
  it('are rows that follow each other; a number that comes again is refused', async () => {
    const numbers: string[] = [];
    const invoices = await collected(invoicesOf(rowsOf('1', '1', '2', '1'), reading(numbers)));
    const short = invoices.map(({ number, lines, refusal }) => [number, lines.length, refusal]);
    const apart = 'begins in line 2, and its lines stand apart';
    expect(short).toEqual([
      ['1', 2, null],
      ['2', 1, null],
      ['1', 1, apart],
    ]);
    expect(numbers).toHaveLength(2);
  });

  it('are read in pieces when they are too long, and refused as a whole', async () => {
    const rows = rowsOf(...Array<string>(10_001).fill('1'), '2');
    const invoices = await collected(invoicesOf(rows, reading([])));
    const short = invoices.map(({ number, lines, refusal }) => [number, lines.length, refusal]);
    const long = 'has more than 5000 lines';
    expect(short).toEqual([
      ['1', 5_000, long],
      ['1', 5_000, long],
      ['1', 1, long],
      ['2', 1, null],
    ]);
  });

  it('go in batches of 500 lines or a little more', async () => {
    const rows = rowsOf(...Array.from({ length: 1_400 }, (_, index) => String(Math.floor(index / 300))));
    const batches = await collected(batchesOf(invoicesOf(rows, reading([]))));
    expect(batches.map((batch) => batch.map(({ lines }) => lines.length))).toEqual([[300, 300], [300, 300], [200]]);
  });
});

describe('an order of an invoice', () => {
  it('has its goods as lines, its delivery as shipping, and its discounts off the lines', () => {
    const plan = planned(
      {},
      { unitPriceMinor: 200, amountMinor: 200n },
      { sku: 'D', quantity: -1, amountMinor: -50n },
      { sku: 'POST', amountMinor: 300n },
    );
    expect(plan).toMatchObject({
      lines: 4,
      order: {
        subtotalMinor: 300,
        discountMinor: 50,
        shippingMinor: 300,
        totalMinor: 550,
        shippingMethod: { code: 'POST', name: 'Postage' },
        lines: [
          { sku: 'A', discountMinor: 17 },
          { sku: 'A', discountMinor: 33 },
        ],
      },
    });
  });

  it('may be delivery only', () => {
    const plan = planned({ sku: 'DOT' }, { sku: 'C2' }, { sku: 'DOT' });
    const shippingMethod = { code: 'DOT+C2', name: 'Dotcom postage, Carriage' };
    expect(plan).toMatchObject({
      order: { subtotalMinor: 0, shippingMinor: 300, totalMinor: 300, shippingMethod, lines: [] },
    });
  });

  it.each<[string, object[], string[]]>([
    ['a discount above 0', [{ sku: 'D' }], ['2 quantity: is above 0, and D is a discount']],
    [
      'discounts of more than the goods',
      [{ sku: 'POST' }, { sku: 'D', quantity: -1, amountMinor: -1n }],
      ['2 invoice: 1 has discounts of more than its goods', '3 invoice: 1 has discounts of more than its goods'],
    ],
    [
      'more money than can be counted',
      [{ amountMinor: 9_000_000_000_000n }, { amountMinor: 9_000_000_000_000n }],
      [2, 3].map((line) => `${line} invoice: 1 comes to more than this shop can count`),
    ],
    [
      'units that come back',
      [{ sku: 'POST', quantity: -1 }, {}],
      ['2 quantity: -1 is below 0, and 1 is no cancellation', '3 invoice: 1 is left out because of line 2'],
    ],
  ])('cannot have %s', (_, traits, reasons) => {
    const plan = planned(...traits);
    expect('faults' in plan && plan.faults.map(({ line, reason }) => `${line} ${reason}`)).toEqual(reasons);
  });
});
