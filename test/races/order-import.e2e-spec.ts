import { Role } from '../../src/access/role.js';
import { signUp, type Account } from '../support/accounts.js';
import { deadlocks, wrongBooks } from '../support/order-books.js';
import {
  counts,
  HEADER,
  importOrders,
  orderFiles,
  rowsOf,
  withoutVacuum,
  wrongImports,
} from '../support/order-files.js';
import { order, ORDER_CHANGES } from '../support/orders.js';
import { startShop, type Shop } from '../support/shop.js';

const file = orderFiles();
let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  await withoutVacuum(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
});
afterAll(() => shop.close());

afterEach(async () => {
  expect([...(await wrongImports(shop)), ...(await wrongBooks(shop))]).toEqual([]);
  expect(await deadlocks(shop, 10)).toBe(0);
});

it('imports of one file at once do the work once, in any order of the invoices', async () => {
  const invoices = Array.from({ length: 600 }, (_, n) => [
    `${n},A,3,2011-11-21,1.00,${n % 7}`,
    `${n},B${n % 5},1,2011-11-21,2.00,${n % 7}`,
    `C${n},A,-2,2011-11-22,1.00,${n % 7}`,
  ]);
  const forward = file(HEADER + invoices.flat().join('\n'));
  const backward = file(HEADER + invoices.toReversed().flat().join('\n'));
  const paths = [forward, backward, forward, backward];
  const all = await Promise.all(paths.map((path) => importOrders(shop, path)));
  const total = [0, 1, 2, 3].map((at) => all.reduce((sum, summary) => sum + (counts(summary)[at] ?? 0), 0));
  expect(total).toEqual([600, 1_800, 600, 1_800]);
  expect(all.map(({ reported }) => reported.lines)).toEqual([0, 0, 0, 0]);
  const [books] = await rowsOf(
    shop,
    `SELECT count(*) AS orders, sum(total_minor)::int AS sold, sum(refunded_minor)::int AS back FROM orders`,
  );
  expect(books).toEqual({ orders: 600, sold: 300_000, back: 120_000 });
});

it('never gives back more than was paid while staff give back as well', async () => {
  await importOrders(shop, file(`${HEADER}R1,A,20,2011-11-21,1.00,R\n`));
  const { data } = await shop.send('{ order(by: { number: "R1" }) { id lines { id } } }', {}, staff.token);
  const { id: orderId, lines } = data['order'];
  const cancellations = Array.from({ length: 15 }, (_, n) => file(`${HEADER}C9${n},A,-1,2011-11-22,1.00,R\n`));
  const input = { orderId, lines: [{ orderLineId: lines[0].id, quantity: 1 }] };
  const [imports, refunds] = await Promise.all([
    Promise.all(cancellations.map((path) => importOrders(shop, path))),
    Promise.all(Array.from({ length: 15 }, () => order(shop, ORDER_CHANGES.refund, input, staff))),
  ]);
  const imported = imports.filter(({ returns }) => returns.created === 1).length;
  const refunded = refunds.filter(({ userErrors }) => userErrors.length === 0).length;
  expect(imported + refunded).toBe(20);
  const row = await rowsOf(
    shop,
    `SELECT o.state, o.refunded_minor AS back, l.refunded, (SELECT count(*) FROM refunds r WHERE r.order_id = o.id) AS refunds
     FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.number = 'R1'`,
  );
  expect(row).toEqual([{ state: 'REFUNDED', back: 2_000, refunded: 20, refunds: 20 }]);
});
