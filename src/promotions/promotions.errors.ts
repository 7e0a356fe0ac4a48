import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

export class PromotionNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no such promotion.', ['input', 'id']);
  }
}

/** @param field the input field that names goods which are not there */
export class PromotionGoodsNotFound extends Refusal {
  constructor(field: 'categoryIds' | 'productIds') {
    const what = field === 'categoryIds' ? 'categories' : 'products';
    super(UserErrorCode.NOT_FOUND, `One of the ${what} does not exist.`, ['input', field]);
  }
}

export class CodeTaken extends Refusal {
  constructor() {
    super(UserErrorCode.CODE_TAKEN, 'Another promotion has this code.', ['input', 'code']);
  }
}

export class PromotionVersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'The promotion has been changed since you read it.', [
      'input',
      'expectedVersion',
    ]);
  }
}

/** Orders use the promotion, so it stays; switching it off ends it. */
export class PromotionRedeemed extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, 'Orders use this promotion: switch it off instead of deleting it.', [
      'input',
      'id',
    ]);
  }
}

/** A coupon was used as often as it may be, by all together or by this customer. */
export class CouponUsedUp extends Refusal {
  constructor(code: string) {
    super(UserErrorCode.COUPON_USED_UP, `The coupon ${code} has been used as often as it may be.`, [
      'input',
      'coupons',
    ]);
  }
}

/**
 * A promotion that a price was made with cannot be had any more, or has changed. No refusal: the customer did not choose it.
 * The transaction must be rolled back, and the price made again.
 */
export class PromotionGone extends Error {
  constructor(readonly promotionIds: readonly string[]) {
    super('A promotion can no longer be had as the price was made with it.');
    this.name = 'PromotionGone';
  }
}
