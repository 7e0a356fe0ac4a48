import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { anOrder, makeGoods, order, ORDER_CHANGES, stockOf, variantOf, wrongBooks } from './support/orders.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;
beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});
afterAll(() => shop?.close());

describe('placing an order', () => {
  it('of three lines in one call takes 8 statements', async () => {
    const goods = [await makeGoods(shop, staff, 9), await makeGoods(shop, staff, 9), await makeGoods(shop, staff, 9)];
    const lines = goods.map((product) => ({ variantId: variantOf(product), quantity: 2 }));
    const { data, errors, extensions } = await shop.send(
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { number state total { amount } lines { sku quantity } } userErrors { code } } }',
      { input: anOrder(lines) },
    );
    console.log(JSON.stringify(data), JSON.stringify(errors), extensions.sql);
    const full = await order(shop, ORDER_CHANGES.place, anOrder(lines));
    console.log(JSON.stringify(full, null, 1));
    console.log(await stockOf(shop, goods[0]!), await wrongBooks(shop));
    const paid = await order(shop, ORDER_CHANGES.place, anOrder(lines, { payment: { method: 'sandbox' } }));
    console.log(JSON.stringify(paid, null, 1));
    console.log(await stockOf(shop, goods[0]!), await wrongBooks(shop));
  });
});
