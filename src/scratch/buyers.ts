import { randomUUID } from 'node:crypto';
import { CHANGES, type ToldOrder } from './documents.js';
import type { Answer, Sender, ShopClient } from './shop-client.js';

/** So many units of a variant. */
export interface Line {
  variantId: string;
  quantity: number;
}

/** What came of an order. */
export interface Placed extends Answer {
  order: ToldOrder | null;
}

const ADDRESS = { fullName: 'Ada Byron', line1: '12 St James Square', city: 'London', country: 'GB' };
const KEY_DOMAIN = 'key.prove.example';

/** An address that belongs to one key, so that the database can tell how many orders the key has. */
export function addressOf(key: string): string {
  return `${key}@${KEY_DOMAIN}`;
}

/** Where addresses of keys end. */
export const KEY_ADDRESSES = `%@${KEY_DOMAIN}`;

/** Place orders, and remember what they were told. */
export class Buyers {
  /** Numbers of all orders that somebody was told of. */
  readonly told = new Set<string>();

  constructor(private readonly client: ShopClient) {}

  /** Orders lines in one call, paid on account unless something else is said. */
  order(lines: readonly Line[], traits: object = {}, { key = randomUUID(), token }: Sender = {}): Promise<Placed> {
    const terms = { email: addressOf(key), ...orderTerms(), ...traits };
    return this.place({ lines, ...terms }, { key, token });
  }

  /** Orders a cart. @param email the same each time, as the cart can be ordered once */
  orderCart(cartId: string, email: string, sender: Sender = {}): Promise<Placed> {
    return this.place({ cartId, email, ...orderTerms() }, sender);
  }

  private async place(input: object, sender: Sender): Promise<Placed> {
    const answer = await this.client.send(CHANGES.placeOrder, input, sender);
    const order = answer.payload?.order ?? null;
    if (order) this.told.add(order.number);
    return { ...answer, order };
  }
}

function orderTerms(): object {
  return { shippingAddress: ADDRESS, shippingMethod: 'standard', payment: { method: 'manual' } };
}
