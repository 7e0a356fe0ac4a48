import { randomUUID } from 'node:crypto';
import type { Line } from './buyers.js';
import { CHANGES, type Change, type Payload } from './documents.js';
import type { Answer, ShopClient } from './shop-client.js';

/** Something that can be bought: a variant with a product of its own. */
export interface Goods {
  variantId: string;
  sku: string;
  /** Units at the beginning. */
  stock: number;
}

/** What goods cost at the beginning. */
export const PRICE = '10.00';

/** Fills the shelves. */
export class Staff {
  constructor(
    private readonly client: ShopClient,
    private readonly token: string,
  ) {}

  /** One product for each number of units. @throws Error when the shop refuses */
  async goods<const T extends readonly number[]>(
    name: string,
    stocks: T,
  ): Promise<{ -readonly [K in keyof T]: Goods }> {
    const made = await Promise.all(stocks.map((stock, index) => this.product(`${name} ${index + 1}`, stock)));
    return made as { -readonly [K in keyof T]: Goods };
  }

  /** Answers the code of a new coupon that takes off 10 %. @throws Error when the shop refuses */
  async coupon(limits: { usageLimit?: number; usageLimitPerCustomer?: number }): Promise<string> {
    const code = `PROVE-${randomUUID().slice(0, 8).toUpperCase()}`;
    await this.must(CHANGES.createPromotion, { name: code, code, kind: 'PERCENT', percent: '10', ...limits });
    return code;
  }

  setPrice({ variantId }: Goods, amount: string): Promise<Answer> {
    return this.client.send(CHANGES.updateProductVariant, { id: variantId, price: { amount } }, { token: this.token });
  }

  /** Gives an order up. */
  cancel(orderId: string): Promise<Answer> {
    return this.client.send(CHANGES.cancelOrder, { orderId }, { token: this.token });
  }

  private async product(name: string, stock: number): Promise<Goods> {
    const sku = `PROVE-${randomUUID().slice(0, 8).toUpperCase()}`;
    const variants = [{ sku, price: { amount: PRICE }, stock }];
    const { product } = await this.must(CHANGES.createProduct, { name, variants });
    const variantId = product?.variants[0]?.id;
    if (variantId === undefined) throw new Error('A product was made without its variant.');
    return { variantId, sku, stock };
  }

  private async must<P extends Payload>(change: Change<P>, input: object): Promise<P> {
    const { code, payload } = await this.client.send(change, input, { token: this.token });
    if (!payload) throw new Error(`${change.field} was refused: ${code}`);
    return payload;
  }
}

/** A basket with so many units of one thing, and perhaps of more. */
export function basket(...units: readonly (readonly [goods: Goods, quantity: number])[]): Line[] {
  return units.map(([{ variantId }, quantity]) => ({ variantId, quantity }));
}
