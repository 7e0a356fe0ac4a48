import { Injectable } from '@nestjs/common';
import type { PaymentAnswer, PaymentProvider, RefundAnswer } from './payment-provider.js';
import { BadSignature } from './payments.errors.js';

/** Invoice and cash on delivery: staff record the money when it is there, and hand it back. Nobody is ever called. */
@Injectable()
export class ManualProvider implements PaymentProvider {
  readonly name = 'manual';
  readonly onAccount = true;

  start(): Promise<PaymentAnswer> {
    return nobody();
  }

  capture(): Promise<PaymentAnswer> {
    return nobody();
  }

  refund(): Promise<RefundAnswer> {
    return nobody();
  }

  /** @throws BadSignature always: nobody tells anything */
  notice(): never {
    throw new BadSignature();
  }
}

function nobody(): Promise<never> {
  return Promise.reject(new Error('Payments on account are recorded by hand.'));
}
