import { UserErrorCode } from '../errors/codes.js';
import { RequestError, Refusal } from '../errors/shop-error.js';
import { formatMinor } from '../money/money.js';

/** Payments of one order, at most: whoever tries cards out does not do it here. */
export const MAX_PAYMENTS = 20;

/** The shop does not take this kind of payment. */
export class PaymentMethodUnavailable extends Refusal {
  constructor(name: string) {
    super(UserErrorCode.PAYMENT_METHOD_UNAVAILABLE, `The shop does not take payments by "${name.slice(0, 40)}".`, [
      'input',
      'payment',
      'method',
    ]);
  }
}

/** The order has a payment under way, or is paid. No other one was started. */
export class PaymentActive extends Refusal {
  constructor() {
    super(UserErrorCode.PAYMENT_ACTIVE, 'The order has a payment under way or is paid.');
  }
}

/** The order waits for no money. */
export class NothingToPay extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, 'There is nothing to pay for this order.');
  }
}

/** Payment was attempted too often. */
export class TooManyPayments extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, `An order has at most ${MAX_PAYMENTS} attempts to pay it.`);
  }
}

/** There is no such order, or nobody ever started to pay it. */
export class PaymentNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no payment for such an order.', ['input', 'orderId']);
  }
}

/** No money of the order waits to be taken. */
export class NothingToCapture extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, 'There is nothing to capture: no payment is authorized or on account.');
  }
}

/** A part of an authorized payment was asked for; the rest would be lost. */
export class CapturedWhole extends Refusal {
  constructor() {
    super(UserErrorCode.ILLEGAL_TRANSITION, 'An authorized payment is captured whole or not at all.', [
      'input',
      'amount',
    ]);
  }
}

/** More money than there is to capture or to give back. */
export class AmountTooHigh extends Refusal {
  /** @param leftMinor what there is, in minor units */
  constructor(leftMinor: number, currency: string) {
    super(UserErrorCode.AMOUNT_TOO_HIGH, `At most ${formatMinor(leftMinor, currency)} ${currency} are left.`, [
      'input',
      'amount',
    ]);
  }
}

/** A delivery that is not from the provider, or too old. */
export class BadSignature extends RequestError {
  constructor() {
    super('BAD_REQUEST', 'The signature is missing, wrong or too old.');
  }
}
