import { Role } from '../../src/access/role.js';
import { uuidOf } from '../../src/graphql/global-id.js';
import { outcomeOf, signUp, tally, type Account } from '../support/accounts.js';
import { makeCart } from '../support/carts.js';
import {
  aVariant,
  change,
  countOf,
  makeProduct,
  pick,
  PRODUCT_CHANGES,
  seeded,
  type MadeProduct,
} from '../support/catalogue.js';
import { deadlocks, wrongBooks } from '../support/order-books.js';
import {
  anOrder,
  bought,
  makeGoods,
  ORDER_CHANGES,
  orderChanges,
  rowsOf,
  stockOf,
  variantOf,
} from '../support/orders.js';
import { makePromotion, wrongUses } from '../support/promotions.js';
import { startShop, type Answer, type Shop } from '../support/shop.js';

const CONNECTIONS = 20;
const { place, cancel, fulfill, ship, deliver } = orderChanges('id state total { amount } discounts { code }');
const sandbox = (token: string): object => ({ payment: { method: 'sandbox', token } });

let shop: Shop;
let staff: Account;
let buyer: Account;

beforeAll(async () => {
  shop = await startShop({ DATABASE_POOL_SIZE: String(CONNECTIONS) });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  buyer = await signUp(shop);
});

afterEach(async () => expect([await wrongBooks(shop), await wrongUses(shop)]).toEqual([[], []]));

afterAll(async () => {
  const found = await deadlocks(shop, CONNECTIONS);
  await shop.close();
  expect(found).toBe(0);
});

const send = (document: string, input: object, by?: Account): Promise<Answer> =>
  shop.send(document, { input }, by?.token);
const atOnce = <T>(count: number, work: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)));
const line = (product: MadeProduct, quantity = 1): { variantId: string; quantity: number } => ({
  variantId: variantOf(product),
  quantity,
});

describe('the last units', () => {
  it('go to exactly as many as there are, paid or on account', async () => {
    const goods = await makeGoods(shop, staff, 20);
    const payments = [{}, sandbox('succeed'), sandbox('pending'), sandbox('decline')];
    const answers = await atOnce(50, (n) => send(place, anOrder([line(goods)], payments[n % 4])));
    expect(tally(answers)).toEqual({ DONE: 20, OUT_OF_STOCK: 30 });
    const [onHand, reserved] = await stockOf(shop, goods);
    expect(onHand - reserved).toBe(0);
  });

  it('go to baskets in any order, while staff move stock and customers give up, and deadlock nobody', async () => {
    const random = seeded(11);
    const goods = await atOnce(6, () => makeGoods(shop, staff, 25));
    const basket = (): { variantId: string; quantity: number }[] =>
      goods
        .toSorted(() => random() - 0.5)
        .slice(0, 2 + Math.floor(random() * 4))
        .map((product) => line(product, 1 + Math.floor(random() * 3)));
    const tokens = ['succeed', 'pending', 'decline', 'authorize'];
    const order = async (): Promise<string[]> => {
      const payment = random() < 0.3 ? {} : sandbox(pick(random, tokens));
      const placed = await send(place, anOrder(basket(), payment), buyer);
      const made = placed.data['placeOrder'].order;
      if (!made || random() < 0.5) return [outcomeOf(placed)];
      const given = await atOnce(2, () => send(cancel, { orderId: made.id }, pick(random, [staff, buyer])));
      return [outcomeOf(placed), ...given.map((answer) => `cancel ${outcomeOf(answer)}`)];
    };
    const adjust = async (): Promise<string[]> => {
      const delta = pick(random, [-3, -2, -1, 1, 2, 3]);
      const input = { variantId: variantOf(pick(random, goods)), delta };
      return [`adjust ${outcomeOf(await send(PRODUCT_CHANGES.adjustStock, input, staff))}`];
    };
    const outcomes = (await atOnce(100, (n) => (n % 4 === 3 ? adjust() : order()))).flat();
    const possible = [
      'DONE',
      'OUT_OF_STOCK',
      'cancel DONE',
      'cancel ILLEGAL_TRANSITION',
      'adjust DONE',
      'adjust OUT_OF_STOCK',
    ];
    expect(outcomes.filter((outcome) => !possible.includes(outcome))).toEqual([]);
    expect(outcomes.filter((outcome) => outcome === 'DONE').length).toBeGreaterThan(10);
    expect(outcomes).toContain('OUT_OF_STOCK');
    expect(outcomes).toContain('cancel DONE');
  });

  it('come back once when an order is cancelled 12 times at once', async () => {
    const goods = await makeGoods(shop, staff, 5);
    for (const token of ['succeed', 'pending']) {
      const { id: orderId } = await bought(shop, [[goods, 3]], sandbox(token), buyer);
      const answers = await atOnce(12, () => send(cancel, { orderId }, staff));
      expect(tally(answers)).toEqual({ DONE: 1, ILLEGAL_TRANSITION: 11 });
      expect(await stockOf(shop, goods)).toEqual([5, 0]);
    }
  });
});

describe('a cart', () => {
  it('that is placed 20 times at once becomes one order with one payment', async () => {
    const goods = await makeGoods(shop, staff, 99);
    for (const token of ['succeed', 'pending', 'decline']) {
      const { id: cartId } = await makeCart(shop, { [variantOf(goods)]: 2 });
      const [orders, payments] = [await rowsOf(shop, 'orders'), await rowsOf(shop, 'payments')];
      const input = { ...anOrder([], sandbox(token)), lines: undefined, cartId };
      const answers = await atOnce(20, () => send(place, input));
      expect(tally(answers)).toEqual({ DONE: 20 });
      expect(new Set(answers.map(({ data }) => data['placeOrder'].order.id)).size).toBe(1);
      expect(answers.filter(({ data }) => data['placeOrder'].payment !== null)).toHaveLength(1);
      expect([await rowsOf(shop, 'orders'), await rowsOf(shop, 'payments')]).toEqual([orders + 1, payments + 1]);
    }
    const [onHand, reserved] = await stockOf(shop, goods);
    expect([onHand, reserved]).toEqual([97, 4]);
  });
});

describe('prices that change', () => {
  it('are those of before or of afterwards for the whole order, and never others than expected', async () => {
    const variants = ['L', 'S'].map((value) => aVariant({ stock: 999, options: [{ name: 'Size', value }] }));
    const goods = await makeProduct(shop, staff, { name: 'Goods', variants });
    const lines = goods.variants.map(({ id: variantId }) => ({ variantId, quantity: 1 }));
    const prices = ['10.00', '13.00'];
    const changing = async (): Promise<void> => {
      for (let time = 0; time < 12; time += 1) {
        const price = { amount: prices[(time + 1) % 2] };
        await change(shop, staff, PRODUCT_CHANGES.updateVariant, { id: lines[0]?.variantId, price });
      }
    };
    const ordering = atOnce(60, (n) => {
      const expected = { expectedTotal: { amount: n % 4 === 1 ? '20.00' : '23.00' } };
      return send(place, anOrder(lines, { ...sandbox('pending'), ...(n % 2 ? expected : {}) }));
    });
    const [answers] = await Promise.all([ordering, changing()]);
    for (const [n, answer] of answers.entries()) {
      const { order, currentTotal } = answer.data['placeOrder'];
      expect(['20.00', '23.00']).toContain((order?.total ?? currentTotal).amount);
      if (n % 2 === 0) expect(outcomeOf(answer)).toBe('DONE');
    }
    expect(Object.keys(tally(answers)).toSorted()).toEqual(expect.arrayContaining(['DONE']));
    const wrong = `SELECT count(*) AS n FROM orders o JOIN payments p ON p.order_id = o.id
      WHERE o.total_minor NOT IN (2000, 2300) AND o.id IN (SELECT order_id FROM order_lines WHERE product_id = $1)
         OR p.amount_minor <> o.total_minor`;
    expect(await countOf(shop, wrong, [uuidOf('product', goods.id)])).toBe(0);
  });

  it('or goods that are withdrawn are sold before or refused after', async () => {
    for (let round = 0; round < 6; round += 1) {
      const goods = await makeGoods(shop, staff, 99);
      const others = await makeGoods(shop, staff, 99);
      const end =
        round % 2
          ? send(PRODUCT_CHANGES.archive, { id: goods.id }, staff)
          : send(PRODUCT_CHANGES.deleteVariant, { id: variantOf(goods) }, staff);
      const orders = atOnce(8, (n) =>
        send(place, anOrder(n % 2 ? [line(goods), line(others)] : [line(others), line(goods)])),
      );
      const [ended, answers] = await Promise.all([end, orders]);
      expect(outcomeOf(ended)).toBe('DONE');
      const { DONE = 0, NOT_FOR_SALE = 0, NOT_FOUND = 0, ...rest } = tally(answers);
      expect([DONE + NOT_FOR_SALE + NOT_FOUND, rest]).toEqual([8, {}]);
      expect(await stockOf(shop, others)).toEqual([99 - DONE, 0]);
    }
  });
});

describe('promotions', () => {
  it('for seven are used by seven orders: others are refused a coupon, and pay the full price without', async () => {
    const goods = await makeGoods(shop, staff, 999);
    await makePromotion(shop, staff, { code: 'SEVEN', usageLimit: 7 });
    const withCoupon = await atOnce(25, () => send(place, anOrder([line(goods)], { coupons: ['SEVEN'] })));
    expect(tally(withCoupon)).toEqual({ DONE: 7, COUPON_USED_UP: 18 });
    await makePromotion(shop, staff, { usageLimit: 7, productIds: [goods.id] });
    const without = await atOnce(25, () => send(place, anOrder([line(goods)])));
    expect(tally(without)).toEqual({ DONE: 25 });
    const totals = without.map(({ data }) => data['placeOrder'].order.total.amount);
    expect(totals.filter((total) => total === '9.00')).toHaveLength(7);
    expect(totals.filter((total) => total === '10.00')).toHaveLength(18);
  });
});

describe('parcels', () => {
  it('hold each unit once, whoever packs, and leave and arrive once', async () => {
    const goods = await makeGoods(shop, staff, 9);
    const made = await bought(shop, [[goods, 5]], sandbox('succeed'), buyer);
    const orderId: string = made['id'];
    const lines = [{ orderLineId: made['lines'][0].id, quantity: 1 }];
    const { DONE, ...refused } = tally(await atOnce(12, () => send(fulfill, { orderId, lines }, staff)));
    expect(DONE).toBe(5);
    expect((refused['AMOUNT_TOO_HIGH'] ?? 0) + (refused['ILLEGAL_TRANSITION'] ?? 0)).toBe(7);
    expect(await rowsOf(shop, 'fulfillments')).toBe(5);
    for (const document of [ship, deliver]) {
      const answers = await atOnce(6, () => send(document, { orderId }, staff));
      expect(tally(answers)).toEqual({ DONE: 1, ILLEGAL_TRANSITION: 5 });
    }
  });

  it('are packed or the order is cancelled, never both', async () => {
    const goods = await makeGoods(shop, staff, 99);
    for (let round = 0; round < 6; round += 1) {
      const { id: orderId } = await bought(shop, [[goods, 1]], sandbox('succeed'), buyer);
      const input = { orderId };
      const answers = await atOnce(4, (n) => send(n % 2 ? ORDER_CHANGES.cancel : ORDER_CHANGES.fulfill, input, staff));
      expect(tally(answers)).toEqual({ DONE: 1, ILLEGAL_TRANSITION: 3 });
    }
  });
});
