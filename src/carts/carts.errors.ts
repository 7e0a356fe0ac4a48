import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';
import { CouponProblem } from '../pricing/quote.type.js';

/** Lines of one cart, at most. */
export const MAX_LINES = 100;
/** Units of one line, at most. */
export const MAX_QUANTITY = 999;
/** Coupons of one cart, at most. */
export const MAX_COUPONS = 5;

/** The same for a cart that is unknown, expired or somebody else's. */
export class CartNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no such cart, or no longer.', ['input', 'cartId']);
  }
}

export class CartClosed extends Refusal {
  constructor() {
    super(UserErrorCode.CART_CLOSED, 'The cart has been ordered: begin another one.', ['input', 'cartId']);
  }
}

export class CartVersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'The cart has been changed since you read it.', ['input', 'expectedVersion']);
  }
}

export class CartLineNotFound extends Refusal {
  /** @param field path of the id at fault */
  constructor(field: readonly string[]) {
    super(UserErrorCode.NOT_FOUND, 'There is no such line in the cart.', field);
  }
}

export class UnknownVariant extends Refusal {
  /** @param field path of the id at fault */
  constructor(field: readonly string[]) {
    super(UserErrorCode.NOT_FOUND, 'There is no such variant.', field);
  }
}

export class NotForSale extends Refusal {
  /** @param field path of the id at fault; @param sku when the viewer may know it */
  constructor(field: readonly string[], sku?: string) {
    super(UserErrorCode.NOT_FOR_SALE, `${sku ?? 'The product'} is not sold, or no longer.`, field);
  }
}

export class TooManyLines extends Refusal {
  constructor() {
    super(UserErrorCode.TOO_MANY_LINES, `A cart has at most ${MAX_LINES} lines.`, ['input', 'lines']);
  }
}

export class ShippingUnavailable extends Refusal {
  constructor(field = 'method') {
    super(UserErrorCode.SHIPPING_UNAVAILABLE, 'This shipping method does not deliver these goods there.', [
      'input',
      field,
    ]);
  }
}

const COUPON_REFUSALS: Record<CouponProblem, [code: UserErrorCode, message: string]> = {
  [CouponProblem.INVALID]: [UserErrorCode.COUPON_INVALID, 'There is no such coupon.'],
  [CouponProblem.EXPIRED]: [UserErrorCode.COUPON_EXPIRED, 'The coupon is not valid yet, or no longer.'],
  [CouponProblem.USED_UP]: [UserErrorCode.COUPON_USED_UP, 'The coupon was used as often as it may be.'],
  [CouponProblem.NOT_APPLICABLE]: [
    UserErrorCode.COUPON_NOT_APPLICABLE,
    'The coupon does not apply to what is in the cart.',
  ],
};

/** The coupon gives nothing to this cart. */
export class CouponRefused extends Refusal {
  constructor(problem: CouponProblem, field = 'code') {
    super(...COUPON_REFUSALS[problem], ['input', field]);
  }
}

export class TooManyCoupons extends Refusal {
  constructor() {
    super(UserErrorCode.COUPON_NOT_APPLICABLE, `A cart takes at most ${MAX_COUPONS} coupons.`, ['input', 'code']);
  }
}
