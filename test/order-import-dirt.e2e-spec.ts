import {
  counts,
  HEADER,
  importDump,
  importOrders,
  orderFiles,
  rowsOf,
  withoutVacuum,
  wrongImports,
} from './support/order-files.js';
import { startShop, type Shop } from './support/shop.js';

const file = orderFiles();
let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
  await withoutVacuum(shop);
});
afterAll(() => shop.close());

describe('dirt', () => {
  const DAY = '2011-11-21 08:00:00';
  const DIRT = `${HEADER}1,A,2,${DAY},1.50,7\n1,POST,1,${DAY},3,7\n1,A,1,${DAY},1.25,7\n1,D,-1,${DAY},0.25,7\n1,C2,1,${DAY},2,7
2,A,x,${DAY},1.00,7\n2,A,1,${DAY},1.00,7\n3,A,-5,${DAY},0,\n4,A,1,${DAY},1.00,7\n1,A,1,${DAY},1.50,7\n5,A,1,2011-02-30,1.00,7
,A,1,${DAY},1.00,7\n6,B,1,${DAY},0.001,7\n7,A,1,${DAY},2.00,7\n7,B,1,${DAY},2.00,8\n8,D,-1,${DAY},9.00,7\n8,A,1,${DAY},1.00,7
9,A,1,${DAY},1.00,7,more\n10,A,3,${DAY},0,9\nC1,A,-1,2011-11-22,1.50,7\nC1,A,-1,2011-11-22,1.50,7\nC1,A,-1,2011-11-22,1.50,7
C2,A,-1,2011-11-20,1.25,7\nC2,POST,-1,2011-11-23,4,7\nC2,POST,-1,2011-11-23,4,7\nC2,A,1,2011-11-23,1.50,7\nC2,D,-1,2011-11-23,1,7
C2,A,-1,2011-11-23,1.25,\nC2,A,-1,2011-11-23,x,7\nC3,A,-2,2011-11-23,0,9\n`;
  const TOLD = [
    'line 7: quantity: "x" is not a whole number',
    'line 8: invoice: 2 is left out because of line 7',
    'line 9: quantity: -5 is below 0, and 3 is no cancellation',
    'line 11: invoice: 1 begins in line 2, and its lines stand apart',
    'line 12: invoice_date: "2011-02-30" is not a time such as 2011-11-21 08:02:00',
    'line 13: invoice: is missing',
    'line 14: unit_price: "0.001" is not an amount of GBP with at most 2 decimal places',
    'line 15: invoice: 7 is left out because of line 16',
    'line 16: customer_id: is not that of line 15, of the same invoice',
    'line 17: invoice: 8 has discounts of more than its goods',
    'line 18: invoice: 8 has discounts of more than its goods',
    'line 19: it has 7 cells, the header 6',
    'line 23: quantity: no earlier order of customer 7 has 1 of A, sold for 1.50 GBP, left to give back',
    'line 24: quantity: no earlier order of customer 7 has 1 of A, sold for 1.25 GBP, left to give back',
    'line 26: quantity: no earlier order of customer 7 has 4.00 GBP of delivery (POST) left to give back',
    'line 27: quantity: is above 0, in a cancellation',
    'line 28: sku: D is a discount, and gives no units back',
    'line 29: customer_id: is missing, so nobody knows which order this gives back',
    'line 30: unit_price: "x" is not an amount of GBP with at most 2 decimal places',
  ];
  it('is reported line by line, and nothing is written when the import is strict', async () => {
    const before = await importDump(shop);
    const summary = await importOrders(shop, file(DIRT), { strict: true });
    expect(summary.told).toEqual(TOLD);
    expect(counts(summary)).toEqual([0, 0, 0, 0]);
    expect([summary.written, summary.imported]).toEqual([false, { lines: 0, minor: 0n }]);
    expect(await importDump(shop)).toEqual(before);
  });

  it('is left out; the rest is imported, once', async () => {
    const path = file(DIRT);
    const summary = await importOrders(shop, path);
    expect(summary.told).toEqual(TOLD);
    expect(counts(summary)).toEqual([3, 0, 4, 0]);
    expect(summary).toMatchObject({ invoices: 12, unreadable: 4 });
    expect(summary.file.lines).toBe(30);
    expect(summary.orders).toMatchObject({ lines: 7, minor: 1_000n });
    expect(summary.returns).toMatchObject({ lines: 4, minor: -700n });
    const lines = `SELECT o.number, o.state, o.total_minor AS total, o.discount_minor AS discount, o.refunded_minor AS refunded,
      o.shipping_method ->> 'name' AS method, array_agg(concat_ws(' ', l.quantity, l.sku, l.unit_price_minor, l.discount_minor,
      l.fulfilled, l.refunded) ORDER BY l.position) AS lines FROM orders o JOIN order_lines l ON l.order_id = o.id
      GROUP BY o.id ORDER BY o.number`;
    const amounts = { discount: 0, refunded: 0, method: null, state: 'DELIVERED' };
    expect(await rowsOf(shop, lines)).toEqual([
      {
        number: '1',
        state: 'DELIVERED',
        total: 900,
        discount: 25,
        refunded: 700,
        method: 'Postage, Carriage',
        lines: ['2 A 150 18 2 2', '1 A 125 7 1 0'],
      },
      { ...amounts, number: '10', total: 0, lines: ['3 A 0 0 3 2'] },
      { ...amounts, number: '4', total: 100, lines: ['1 A 100 0 1 0'] },
    ]);
    expect(await wrongImports(shop)).toEqual([]);
    const before = await importDump(shop);
    const again = await importOrders(shop, path);
    expect(again.told).toEqual(TOLD);
    expect(counts(again)).toEqual([0, 3, 0, 4]);
    expect(await importDump(shop)).toEqual(before);
  });

  it('is another order under the number of one that the shop has', async () => {
    const before = await importDump(shop);
    const { told } = await importOrders(shop, file(`${HEADER}4,A,2,${DAY},1.00,7\n10,A,3,${DAY},0,8\n`));
    expect(told).toEqual([
      'line 2: invoice: 4 is an order of the shop, but another one',
      'line 3: invoice: 10 is an order of the shop, but another one',
    ]);
    expect(await importDump(shop)).toEqual(before);
  });

  it('may stand before the invoice, in JSON too; nothing is given back of a later order', async () => {
    const rows = [
      {
        invoice: 'C20',
        sku: 'Z',
        quantity: -1,
        invoice_date: '2011-12-02T00:00:00+01:00',
        unit_price_gbp: 2,
        customer_id: 1,
      },
      {
        invoice: 20,
        sku: 'Z',
        quantity: 1,
        invoice_date: '2011-12-01 22:59',
        unit_price_gbp: '2.00',
        customer_id: '1',
      },
      { invoice: 21, sku: 'Z', quantity: 1, invoice_date: '2011-12-01 23:01', unit_price_gbp: '2.0', customer_id: '1' },
      { invoice: 22, sku: 'Z', quantity: 1, currency: 'EUR', invoice_date: '2011-12-01', unit_price: 2 },
    ];
    const { told, ...summary } = await importOrders(shop, file(JSON.stringify(rows), 'json'));
    expect(counts(summary)).toEqual([2, 0, 1, 0]);
    expect(told).toEqual(['item 4: currency: the price is in EUR; this shop sells in GBP']);
    const states = `SELECT number, state, refunded_minor AS refunded FROM orders WHERE number LIKE '2_' ORDER BY number`;
    expect(await rowsOf(shop, states)).toEqual([
      { number: '20', state: 'REFUNDED', refunded: 200 },
      { number: '21', state: 'DELIVERED', refunded: 0 },
    ]);
  });

  it('may say the same twice: what was not given back the first time is not taken for what was', async () => {
    const lines = ['31,Y,1,2011-12-02,5,31', '32,Y,1,2011-12-01,5,32', '33,Y,1,2011-12-03,5,31'];
    const back = [
      'C30,Y,-1,2011-12-01,5,31',
      'C30,Y,-1,2011-12-02,5,31',
      'C30,Y,-1,2011-12-02,5,32',
      'C30,Y,-1,2011-12-02,5,31',
    ];
    const path = file(HEADER + [...back, ...lines].join('\n'));
    const missing = 'quantity: no earlier order of customer 31 has 1 of Y, sold for 5.00 GBP, left to give back';
    for (const expected of [
      [3, 0, 2, 0],
      [0, 3, 0, 2],
    ]) {
      const summary = await importOrders(shop, path);
      expect(counts(summary)).toEqual(expected);
      expect(summary.told).toEqual([`line 2: ${missing}`, `line 5: ${missing}`]);
      expect(await wrongImports(shop)).toEqual([]);
    }
  });
});
