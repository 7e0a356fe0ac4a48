import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import { aVariant, change, countOf, makeProduct, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { wrongBooks } from './support/order-books.js';
import {
  ADDRESS,
  anOrder,
  bought,
  changed,
  eventsOf,
  makeGoods,
  order,
  ORDER_CHANGES,
  readOrder,
  stockEventsOf,
  stockOf,
  trailOf,
  variantOf,
} from './support/orders.js';
import { makePromotion, wrongUses } from './support/promotions.js';
import { startShop, type Shop } from './support/shop.js';

const SANDBOX = { payment: { method: 'sandbox', token: 'pending' } };
const gbp = (amount: string): { amount: string } => ({ amount });

let shop: Shop;
let staff: Account;
let buyer: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
});

afterAll(async () => {
  const wrong = [await wrongBooks(shop), await wrongUses(shop)];
  await shop.close();
  expect(wrong).toEqual([[], []]);
});

const inStock = async ({ id }: MadeProduct): Promise<boolean> =>
  (await shop.send('query ($id: ID!) { product(by: { id: $id }) { inStock } }', { id })).data['product'].inStock;

describe('an order in one call', () => {
  it('keeps who bought what for how much', async () => {
    const goods = await makeProduct(shop, staff, {
      name: 'Lamp',
      variants: [aVariant({ sku: 'LAMP-L', options: [{ name: 'Size', value: 'L' }] })],
    });
    const made = await bought(shop, [[goods, 2]], { email: ' Ada@Example.com ' });
    expect(made).toEqual({
      id: expect.stringMatching(/^order_[0-9a-f]{32}$/),
      number: expect.stringMatching(/^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/),
      state: 'PENDING_PAYMENT',
      email: 'ada@example.com',
      currency: 'GBP',
      taxIncluded: false,
      onAccount: true,
      version: 1,
      placedAt: expect.any(String),
      customerReference: null,
      subtotal: gbp('20.00'),
      discountTotal: gbp('0.00'),
      shippingTotal: gbp('0.00'),
      taxTotal: gbp('0.00'),
      total: gbp('20.00'),
      paidTotal: gbp('0.00'),
      refundedTotal: gbp('0.00'),
      discounts: [],
      shippingAddress: ADDRESS,
      billingAddress: null,
      shippingMethod: { code: 'standard', name: 'Standard delivery' },
      customer: null,
      nextStates: [],
      lines: [
        {
          id: expect.stringMatching(/^orderline_[0-9a-f]{32}$/),
          sku: 'LAMP-L',
          productName: 'Lamp',
          variantTitle: 'L',
          quantity: 2,
          fulfilledQuantity: 0,
          refundedQuantity: 0,
          unsentQuantity: 0,
          taxRate: '0',
          unitPrice: gbp('10.00'),
          discount: gbp('0.00'),
          lineTotal: gbp('20.00'),
          tax: gbp('0.00'),
          variant: { id: variantOf(goods) },
        },
      ],
      payments: [
        {
          id: expect.stringMatching(/^payment_[0-9a-f]{32}$/),
          provider: 'manual',
          state: 'PENDING',
          amount: gbp('20.00'),
          capturedAmount: gbp('0.00'),
          refundedAmount: gbp('0.00'),
        },
      ],
      refunds: [],
      fulfillments: [],
      history: [
        {
          type: 'PLACED',
          fromState: null,
          toState: 'PENDING_PAYMENT',
          reason: null,
          at: made['placedAt'],
          actor: null,
        },
      ],
    });
    const guest = { number: made['number'], email: 'ada@example.com' };
    expect(await readOrder(shop, { guest })).toEqual(made);
  });

  it('belongs to the account that placed it, and goes to its address', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const billingAddress = { ...ADDRESS, fullName: 'Byron & Co' };
    const made = await bought(shop, [[goods, 1]], { email: null, billingAddress }, buyer);
    expect(made).toMatchObject({
      email: buyer.email,
      customer: { id: buyer.id },
      billingAddress: { fullName: 'Byron & Co' },
      nextStates: ['CANCELLED'],
      history: [{ type: 'PLACED', actor: { id: buyer.id } }],
    });
    expect(await readOrder(shop, { id: made['id'] }, buyer)).toEqual(made);
  });

  it('takes units that go on account at once, and promises the others for 15 minutes', async () => {
    const goods = await makeGoods(shop, staff, 9);
    const taken = await bought(shop, [[goods, 2]]);
    expect(await stockOf(shop, goods)).toEqual([7, 0]);
    const promised = await bought(shop, [[goods, 3]], SANDBOX);
    expect(await stockOf(shop, goods)).toEqual([7, 3]);
    const kept = `SELECT quantity AS n FROM stock_reservations r JOIN orders o ON o.id = r.holder_id
      WHERE o.id = $1 AND r.expires_at = o.placed_at + interval '15 minutes'`;
    expect(await countOf(shop, kept, [uuidOf('order', promised['id'])])).toBe(3);
    const ledger = `SELECT delta AS n FROM stock_movements WHERE holder_id = $1 AND reason = 'SOLD' AND on_hand_after = 7`;
    expect(await countOf(shop, ledger, [uuidOf('order', taken['id'])])).toBe(-2);
    expect(await stockEventsOf(shop, goods)).toEqual([
      [9, 7],
      [7, 4],
    ]);
  });

  it('adds the units of a variant that is named twice', async () => {
    const [goods, others] = [await makeGoods(shop, staff, 5), await makeGoods(shop, staff, 5)];
    const made = await bought(shop, [
      [goods, 1],
      [others, 1],
      [goods, 3],
    ]);
    expect(made['lines']).toMatchObject([{ quantity: 4 }, { quantity: 1 }]);
    expect([await stockOf(shop, goods), await stockOf(shop, others)]).toEqual([
      [1, 0],
      [4, 0],
    ]);
  });

  it('sells a product out, and is told after what it did to the stock', async () => {
    const goods = await makeGoods(shop, staff, 2);
    const made = await bought(shop, [[goods, 2]], SANDBOX, buyer);
    expect(await inStock(goods)).toBe(false);
    const told = await shop.database.query<{ type: string; before: string; inStock: string }>(
      'test.told',
      `SELECT type, payload ->> 'stateBefore' AS before, payload #>> '{product,inStock}' AS "inStock" FROM (
         SELECT 1 AS part, pos AS n, type, payload FROM event_log
         UNION ALL SELECT 2, seq, type, payload FROM event_outbox
       ) e ORDER BY part DESC, n DESC LIMIT 2`,
    );
    expect(told).toEqual([
      { type: 'PLACED', before: null, inStock: null },
      { type: 'STOCK_CHANGED', before: null, inStock: 'false' },
    ]);
    expect(await stockEventsOf(shop, goods)).toEqual([[2, 0]]);
    await changed(shop, ORDER_CHANGES.cancel, { orderId: made['id'] }, buyer);
    expect(await inStock(goods)).toBe(true);
    expect(await stockEventsOf(shop, goods)).toEqual([
      [2, 0],
      [0, 2],
    ]);
    expect(await eventsOf(shop, made)).toEqual(['PLACED >PENDING_PAYMENT', 'CANCELLED PENDING_PAYMENT>CANCELLED']);
  });

  it('is paid at once and without a payment when a coupon makes it free', async () => {
    await makePromotion(shop, staff, { code: 'FREE', kind: 'PERCENT', percent: '100' });
    const goods = await makeGoods(shop, staff, 5);
    const free = anOrder([{ variantId: variantOf(goods), quantity: 2 }], { coupons: [' free '], payment: null });
    const { order: made, payment } = await order(shop, ORDER_CHANGES.place, free, buyer);
    expect(payment).toBeNull();
    expect(made).toMatchObject({ state: 'PAID', onAccount: false, total: gbp('0.00'), discountTotal: gbp('20.00') });
    expect([made.payments, made.nextStates, trailOf(made)]).toEqual([[], [], ['PLACED >PAID']]);
    expect(await stockOf(shop, goods)).toEqual([3, 0]);
  });
});

describe('what was sold', () => {
  it('stays as it was when the product is renamed, dearer, hidden and gone', async () => {
    const variants = ['L', 'S'].map((value) => aVariant({ options: [{ name: 'Size', value }] }));
    const goods = await makeProduct(shop, staff, { name: 'Old name', variants });
    const made = await bought(shop, [[goods, 1]], {}, buyer);
    const { sku, productName, variantTitle, unitPrice, lineTotal } = made['lines'][0];
    const sold = { sku, productName, variantTitle, unitPrice, lineTotal };
    expect(sold).toMatchObject({ productName: 'Old name', variantTitle: 'L', unitPrice: gbp('10.00') });
    const seen = async (by: Account): Promise<object> => (await readOrder(shop, { id: made['id'] }, by))?.['lines'][0];
    const id = variantOf(goods);

    await change(shop, staff, PRODUCT_CHANGES.update, { id: goods.id, name: 'New name' });
    const dearer = { id, sku: `${sku}-NEW`, title: 'Large', price: { amount: '99.00' } };
    await change(shop, staff, PRODUCT_CHANGES.updateVariant, dearer);
    expect(await seen(buyer)).toMatchObject({ ...sold, variant: { id } });
    await change(shop, staff, PRODUCT_CHANGES.update, { id: goods.id, status: 'DRAFT' });
    expect(await seen(buyer)).toMatchObject({ ...sold, variant: null });
    expect(await seen(staff)).toMatchObject({ ...sold, variant: { id } });
    await change(shop, staff, PRODUCT_CHANGES.deleteVariant, { id });
    expect(await seen(buyer)).toMatchObject({ ...sold, variant: null });
    expect(await seen(staff)).toMatchObject({ ...sold, variant: null });
    // What is gone cannot come back: the order is cancelled without it.
    const after = await changed(shop, ORDER_CHANGES.cancel, { orderId: made['id'] }, buyer);
    expect(after).toMatchObject({ state: 'CANCELLED', lines: [sold] });
  });

  it('is not deleted while it is only promised', async () => {
    const goods = await makeGoods(shop, staff, 5);
    await bought(shop, [[goods, 1]], SANDBOX);
    const { data } = await shop.send(PRODUCT_CHANGES.deleteVariant, { input: { id: variantOf(goods) } }, staff.token);
    expect(data['deleteProductVariant'].userErrors).toMatchObject([{ code: 'VARIANT_RESERVED' }]);
  });
});

describe('paying', () => {
  const { start, capture } = ORDER_CHANGES;
  const PAID = ['PLACED >PENDING_PAYMENT', 'PAYMENT_RECEIVED PENDING_PAYMENT>PAID'];
  const by = (token: string): object => ({ payment: { method: 'sandbox', token } });

  it('takes the units that were promised, and tells nobody of stock again', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const { order: made, payment } = await order(
      shop,
      ORDER_CHANGES.place,
      anOrder([{ variantId: variantOf(goods), quantity: 2 }], by('succeed')),
      buyer,
    );
    expect(payment).toMatchObject({ state: 'CAPTURED', capturedAmount: gbp('20.00') });
    expect(made).toMatchObject({ state: 'PAID', version: 2, paidTotal: gbp('20.00'), nextStates: [] });
    expect([trailOf(made), await eventsOf(shop, made)]).toEqual([PAID, PAID]);
    expect(made.history[1]).toMatchObject({ reason: null, actor: null });
    expect([await stockOf(shop, goods), await stockEventsOf(shop, goods)]).toEqual([[3, 0], [[5, 3]]]);
  });

  it('again after it was declined, as often as it takes', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const made = await bought(shop, [[goods, 2]], by('decline'), buyer);
    expect(made).toMatchObject({ state: 'PENDING_PAYMENT', version: 1, payments: [{ state: 'DECLINED' }] });
    const again = { order: { id: made['id'] }, payment: { method: 'sandbox', token: 'decline' } };
    const { payment, order: still } = await order(shop, start, again, buyer);
    expect(payment).toMatchObject({ state: 'DECLINED', failure: 'The card was declined.' });
    expect(still).toMatchObject({ state: 'PENDING_PAYMENT', version: 1 });
    expect(await stockOf(shop, goods)).toEqual([5, 2]);
    const paid = await changed(shop, start, { ...again, payment: { method: 'sandbox', token: 'succeed' } }, buyer);
    expect(paid).toMatchObject({ state: 'PAID', payments: [{}, {}, { state: 'CAPTURED', amount: gbp('20.00') }] });
    expect(trailOf(paid)).toEqual(PAID);
    expect(await stockOf(shop, goods)).toEqual([3, 0]);
  });

  it('by a guest, who knows number and e-mail address', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const { number } = await bought(shop, [[goods, 1]], by('decline'));
    const guest = { number, email: 'ADA@example.com' };
    const payment = { method: 'sandbox', token: 'succeed' };
    expect(await changed(shop, start, { order: { guest }, payment })).toMatchObject({ state: 'PAID' });
  });

  it('by staff who collect what was authorized', async () => {
    const goods = await makeGoods(shop, staff, 5);
    const made = await bought(shop, [[goods, 1]], by('authorize'), buyer);
    expect(made).toMatchObject({ state: 'PENDING_PAYMENT', payments: [{ state: 'AUTHORIZED' }] });
    const paid = await changed(shop, capture, { orderId: made['id'] }, staff);
    expect(paid).toMatchObject({ state: 'PAID', payments: [{ state: 'CAPTURED' }] });
    expect(paid['history'][1]).toMatchObject({ type: 'PAYMENT_RECEIVED', actor: { id: staff.id } });
    expect(await stockOf(shop, goods)).toEqual([4, 0]);
  });
});
