import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { Role } from '../src/access/role.js';
import { ProductImportService } from '../src/imports/product-import.service.js';
import { signUp, type Account } from './support/accounts.js';
import { wrongBooks } from './support/order-books.js';
import {
  counts,
  EVENTS,
  HEADER,
  importDump,
  importOrders,
  orderFiles,
  rowsOf,
  withoutVacuum,
  wrongImports,
} from './support/order-files.js';
import { order, ORDER, ORDER_CHANGES } from './support/orders.js';
import { startShop, type Shop } from './support/shop.js';

const WEEK = 'data/orders-onlineretail-week.csv';
const GIFTS = 'data/products-onlineretail.csv';
const file = orderFiles();
let shop: Shop;
let staff: Account;

/** Each block works on a shop of its own. */
function freshShop(): void {
  beforeAll(async () => {
    shop = await startShop();
    await withoutVacuum(shop);
    staff = await signUp(shop, { roles: [Role.STAFF] });
  });
  afterAll(() => shop.close());
}

describe('the real week', () => {
  freshShop();
  const rows: Record<'invoice' | 'sku' | 'quantity' | 'unit_price_gbp', string>[] = parse(readFileSync(WEEK), {
    columns: true,
  });
  const amountOf = ({ quantity, unit_price_gbp }: (typeof rows)[number]): bigint => {
    const [pounds = '', pence = ''] = unit_price_gbp.split('.');
    return BigInt(quantity) * BigInt(pounds + pence.padEnd(2, '0'));
  };
  const sumOf = (some: typeof rows): bigint => some.reduce((sum, row) => sum + amountOf(row), 0n);
  const sold = rows.filter(({ quantity }) => !quantity.startsWith('-'));

  it('comes in whole: every line is imported or reported, and the sums are those of the file', async () => {
    await shop.app.get(ProductImportService).run(GIFTS, { stock: 100 });
    const [before] = await rowsOf(
      shop,
      `SELECT ${EVENTS} AS events, (SELECT sum(units_sold)::bigint FROM products) AS units`,
    );
    const summary = await importOrders(shop, WEEK);

    expect([rows.length, new Set(rows.map(({ invoice }) => invoice)).size]).toEqual([17_407, 694]);
    expect(summary).toMatchObject({ invoices: 694, unreadable: 0, ignoredColumns: ['country'], written: true });
    expect(counts(summary)).toEqual([596, 0, 21, 0]);
    expect(summary.file).toEqual({ lines: 17_407, minor: sumOf(rows) });
    expect(summary.file.minor).toBe(28_761_352n);
    expect(summary.orders).toMatchObject({ lines: sold.length, minor: sumOf(sold) });
    expect(summary.returns).toMatchObject({ lines: 21, minor: -288_729n });
    expect(summary.reported).toEqual({ lines: 229, minor: -530_027n });
    expect(summary.imported.minor + summary.reported.minor).toBe(sumOf(rows));
    expect(summary.told).toHaveLength(229);
    expect([...summary.reasons].map(([, { lines, minor }]) => [lines, minor])).toEqual([
      [30, 0n],
      [10, -149_604n],
      [1, -2_633n],
      [188, -377_790n],
    ]);

    const totals = await rowsOf(shop, 'SELECT number, total_minor AS total FROM orders ORDER BY number');
    const expected = [...Map.groupBy(sold, ({ invoice }) => invoice)].map(([number, lines]) => ({
      number,
      total: Number(sumOf(lines)),
    }));
    expect(totals).toEqual(expected.toSorted((a, b) => (a.number < b.number ? -1 : 1)));
    const shipping = sold.filter(({ sku }) => ['POST', 'DOT', 'C2'].includes(sku));
    const gifts: { sku: string }[] = parse(readFileSync(GIFTS), { columns: true });
    const known = new Set(gifts.map(({ sku }) => sku));
    const ours = sold.filter(({ sku }) => known.has(sku));
    const units = ours.reduce((sum, { quantity }) => sum + Number(quantity), 0);
    const [after] = await rowsOf(
      shop,
      `SELECT ${EVENTS} AS events, (SELECT sum(units_sold)::bigint FROM products) AS units,
      (SELECT count(*) FROM order_lines) AS lines, (SELECT count(variant_id) FROM order_lines) AS ours,
      (SELECT sum(shipping_minor)::bigint FROM orders) AS shipping, (SELECT sum(amount_minor)::bigint FROM refunds) AS refunds,
      (SELECT count(*) FROM order_lines l LEFT JOIN products p ON p.id = l.product_id WHERE (l.product_name, l.variant_title)
        <> (coalesce(p.name, l.sku), CASE WHEN p.id IS NULL THEN '' ELSE 'Default' END)) AS misnamed,
      (SELECT sum(refunded_minor)::bigint FROM orders) AS refunded, (SELECT count(*) FROM stock_movements) AS movements`,
    );
    expect(after).toEqual({
      events: before?.['events'],
      units: before?.['units'] + units,
      lines: sold.length - shipping.length,
      ours: ours.length,
      shipping: Number(sumOf(shipping)),
      refunds: 288_729,
      refunded: 288_729,
      movements: 3_782,
      misnamed: 0,
    });
    expect([...(await wrongImports(shop)), ...(await wrongBooks(shop))]).toEqual([]);
  });

  it('changes nothing the second time', async () => {
    const before = await importDump(shop);
    const summary = await importOrders(shop, WEEK);
    expect(counts(summary)).toEqual([0, 596, 0, 21]);
    expect(summary.reported).toEqual({ lines: 229, minor: -530_027n });
    expect(await importDump(shop)).toEqual(before);
  });

  it('can be seen by staff, and by nobody else', async () => {
    const LIST =
      'query ($text: String!) { orders(filter: { text: $text }) { totalCount nodes { number total { amount } } } }';
    const { data } = await shop.send(LIST, { text: '17450' }, staff.token);
    const ofCustomer = await rowsOf(
      shop,
      `SELECT number FROM orders WHERE customer_reference = '17450' ORDER BY placed_at DESC, id DESC`,
    );
    expect(data['orders'].nodes.map(({ number }: { number: string }) => ({ number }))).toEqual(ofCustomer);
    const ONE = `query ($number: String!) { order(by: { number: $number }) { ${ORDER} } }`;
    const seen = await shop.send(ONE, { number: '578736' }, staff.token);
    expect(seen.data['order']).toMatchObject({
      state: 'DELIVERED',
      placedAt: '2011-11-25T11:33:00.000Z',
      customerReference: '12681',
      email: null,
      customer: null,
      shippingAddress: null,
      taxIncluded: true,
      taxTotal: { amount: '0.00' },
      shippingTotal: { amount: '144.00' },
      shippingMethod: { code: 'POST', name: 'Postage' },
      refunds: [{ state: 'SUCCEEDED', amount: { amount: '54.00' }, reason: 'Cancellation C578743: 3 × POST at 18.00' }],
      history: [{ type: 'PLACED' }, { type: 'REFUNDED', at: '2011-11-25T11:35:00.000Z' }],
    });
    expect(seen.data['order'].paidTotal).toEqual(seen.data['order'].total);
    const stranger = await signUp(shop);
    expect((await shop.send(ONE, { number: '578736' }, stranger.token)).data).toEqual({ order: null });
    expect((await shop.send(ONE, { number: '578736' })).data).toEqual({ order: null });
  });

  it('can be given back by staff, by hand', async () => {
    const ONE = '{ order(by: { number: "577596" }) { id total { amount } } }';
    const { id: orderId, total } = (await shop.send(ONE, {}, staff.token)).data['order'];
    const { order: after } = await order(shop, ORDER_CHANGES.refund, { orderId }, staff);
    expect(after).toMatchObject({
      state: 'REFUNDED',
      refundedTotal: total,
      refunds: [{ state: 'SUCCEEDED', amount: total }],
    });
    expect([...(await wrongImports(shop)), ...(await wrongBooks(shop))]).toEqual([]);
  });
});

describe('the program', () => {
  freshShop();

  it('prints the books and fails when it may write nothing', () => {
    const { extra } = shop.database.source.options as unknown as { extra: { connectionString: string } };
    const env = { ...process.env, NODE_ENV: 'development', DATABASE_URL: extra.connectionString, DEMO: 'off' };
    const souk = (...args: string[]): unknown => {
      const ran = spawnSync(process.execPath, ['bin/souk.js', 'import', 'orders', ...args], { env, encoding: 'utf8' });
      return [ran.status, ran.stdout, ran.stderr];
    };
    const bad = file(`${HEADER}1,A,2,2011-11-21,1.50,7\nC2,A,-1,2011-11-21,1.50,\n`);
    const told = 'line 3: customer_id: is missing, so nobody knows which order this gives back\n';
    const refused = expect.stringContaining(`${told}${bad}: nothing was imported, because of 1 rejected row.`);
    expect(souk(bad, '--strict')).toEqual([1, '', refused]);
    const books = expect.stringMatching(
      /file +2 +1\.50\n(.*\n){3}reported +1 +-1\.50\n(.*\n)difference +0 +0\.00\n2 invoices/,
    );
    expect(souk(bad)).toEqual([0, books, told]);
  });
});
