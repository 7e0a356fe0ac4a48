import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';
import type { OrderState } from './order-states.rules.js';

export class OrderNotFound extends Refusal {
  constructor(field = 'orderId') {
    super(UserErrorCode.NOT_FOUND, 'There is no such order.', ['input', field]);
  }
}

export class OrderLineNotFound extends Refusal {
  constructor(index: number) {
    super(UserErrorCode.NOT_FOUND, 'The order has no such line.', ['input', 'lines', String(index), 'orderLineId']);
  }
}

export class OrderVersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'The order has been changed since you read it.', [
      'input',
      'expectedVersion',
    ]);
  }
}

/** An order in this state does not do that. */
export class IllegalTransition extends Refusal {
  constructor(from: OrderState, what: string) {
    super(UserErrorCode.ILLEGAL_TRANSITION, `An order that is ${from} cannot be ${what}.`);
  }
}

/** More units than are left of an order line. */
export class TooManyUnits extends Refusal {
  constructor(index: number, left: number) {
    const field = ['input', 'lines', String(index), 'quantity'];
    super(UserErrorCode.AMOUNT_TOO_HIGH, `Only ${left} units of this line are left.`, field);
  }
}
