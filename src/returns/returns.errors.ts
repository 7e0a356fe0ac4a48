import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

export class RefundNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no such refund.', ['input', 'refundId']);
  }
}

/** The money has gone back, or its provider is still being asked. */
export class RefundUnderWay extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, 'Only a refund that failed or was never answered is tried again.', [
      'input',
      'refundId',
    ]);
  }
}
