import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';
import { toMoney } from '../money/money.js';

export class CartEmpty extends Refusal {
  constructor() {
    super(UserErrorCode.CART_EMPTY, 'There is nothing in the cart.', ['input', 'cartId']);
  }
}

/** Something is missing that an order needs. */
export class Incomplete extends Refusal {
  constructor(field: string, what: string) {
    super(UserErrorCode.CART_INCOMPLETE, `The order needs ${what}.`, ['input', field]);
  }
}

/** The total is not what the customer was shown. The payload tells what it is. */
export class PriceChanged extends Refusal {
  override readonly shows: Readonly<Record<string, unknown>>;

  constructor(totalMinor: number, currency: string) {
    const currentTotal = toMoney(totalMinor, currency);
    super(UserErrorCode.PRICE_CHANGED, `The total is ${currentTotal.amount} ${currency} now.`, [
      'input',
      'expectedTotal',
    ]);
    this.shows = { currentTotal };
  }
}
