import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';

/** What payments need to know of the order that they pay. */
export interface PayableOrder {
  id: string;
  number: string;
  currency: string;
  totalMinor: number;
  paidMinor: number;
  /** Money may still come for it: PENDING_PAYMENT, or on its way on account. */
  awaitsPayment: boolean;
}

/** Money that came or went, told inside the transaction that records it. */
export interface MoneyMoved {
  orderId: string;
  paymentId: string;
  amountMinor: number;
  actorId: string | null;
  reason: string | null;
}

/** The room of the orders, as payments see it. */
export interface PaymentOwner {
  /** Locks the order until the transaction ends: every change of a payment begins here. */
  lock(tx: Tx, orderId: string): Promise<PayableOrder | null>;
  /** All of the order's money is there or more of it has come. */
  captured(tx: Tx, money: MoneyMoved): Promise<void>;
  /** All of the order's money is held for the shop and may be captured for some days, or is held no longer. */
  held(tx: Tx, orderId: string, isHeld: boolean): Promise<void>;
  /** A refund has succeeded. */
  refunded(tx: Tx, money: MoneyMoved): Promise<void>;
}

/** Where orders say what payments belong to; orders lie right of payments, so payments cannot call them by name. */
@Injectable()
export class PaymentOwnership {
  private registered: PaymentOwner | null = null;

  register(owner: PaymentOwner): void {
    this.registered = owner;
  }

  get owner(): PaymentOwner {
    if (!this.registered) throw new Error('Nobody has said what payments belong to.');
    return this.registered;
  }
}
