import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { effectOf, isActive, isFinal, type Effect } from './outcome.rules.js';
import { PaymentOwnership, type PayableOrder } from './payment-owner.service.js';
import type { PaymentAnswer, PaymentNotice, RefundAnswer } from './payment-provider.js';
import { PaymentState, type PaymentRow, type RefundRow } from './payment.type.js';
import { PaymentsQueries, type PaymentPlace } from './payments.queries.js';
import { RefundsQueries } from './refunds.queries.js';

/** A provider's word about one payment. */
export interface Word extends Omit<PaymentAnswer, 'reference'> {
  /** `null` when the provider is not the one who said it. */
  reference: string | null;
  /** Id of the notice, of something that the provider told by itself. */
  noticeId?: string;
  /** Who asked the provider; `null` for the shop itself. */
  actorId?: string | null;
}

const MAX_REASON_LENGTH = 500;
const LATE = 'Paid when the order no longer waited for it';
const GIVEN_UP = 'Paid when the payment had been given up';

/** Writes down what providers say. Each time the order is locked first, then the payment. */
@Injectable()
export class PaymentOutcomes {
  /** Called when money goes back that nobody waited for: somebody has to settle the refund. */
  onRefundDue: () => void = () => undefined;
  private readonly logger = new Logger(PaymentOutcomes.name);

  constructor(
    private readonly database: Database,
    private readonly ownership: PaymentOwnership,
    private readonly payments: PaymentsQueries,
    private readonly refunds: RefundsQueries,
  ) {}

  /**
   * Takes a provider's word into account, once: news that is old, or known, changes nothing.
   * Answers the payment as it is then; `null` when there is no such payment any more.
   */
  async record(place: PaymentPlace, word: Word): Promise<PaymentRow | null> {
    try {
      return await this.database.transaction((tx) => this.recordIn(tx, place, word));
    } catch (error) {
      if (violatedConstraint(error) !== 'payments_reference') throw error;
      this.logger.error(`Payment ${place.id}: the provider knows ${word.reference} as another payment.`);
      const failure = 'The provider took this for another payment.';
      const declined: Word = { reference: null, outcome: 'DECLINED', failure };
      return this.database.transaction((tx) => this.recordIn(tx, place, declined));
    }
  }

  /** What people call an order; `null` when it is gone. */
  async orderNumber(orderId: string): Promise<string | null> {
    const order = await this.database.transaction((tx) => this.ownership.owner.lock(tx, orderId));
    return order?.number ?? null;
  }

  /** Records what a provider tells by itself. Answers `false` when it is about no payment that is known here. */
  async recordNotice(provider: string, notice: PaymentNotice): Promise<boolean> {
    const { reference, idempotencyKey = null } = notice;
    const place = await this.payments.byReference(this.database, { provider, reference, idempotencyKey });
    if (place) await this.record(place, notice);
    return place !== null;
  }

  /** Takes a provider's word about a refund into account, once. Answers the refund as it is then, `null` when it is gone. */
  recordRefund({ id, orderId, paymentId }: RefundRow, answer: RefundAnswer): Promise<RefundRow | null> {
    return this.database.transaction(async (tx) => {
      const order = await this.ownership.owner.lock(tx, orderId);
      const payment = order && (await this.payments.lock(tx, paymentId));
      const refund = payment && answer.outcome !== 'PENDING' && (await this.refunds.end(tx, id, answer));
      if (!refund) return this.refunds.byId(tx, id);
      const { amountMinor, actorId, reason, failure } = refund;
      if (answer.outcome === 'FAILED') {
        this.logger.error(`Refund ${id} of ${amountMinor} (minor units) has failed: ${failure}`);
        return refund;
      }
      await this.payments.addRefunded(tx, paymentId, amountMinor);
      // Money on a payment that was given up never was the order's.
      if (isActive(payment.state)) {
        await this.ownership.owner.refunded(tx, { orderId, paymentId, amountMinor, actorId, reason });
      }
      return refund;
    });
  }

  private async recordIn(tx: Tx, { id, orderId }: PaymentPlace, word: Word): Promise<PaymentRow | null> {
    const order = await this.ownership.owner.lock(tx, orderId);
    const payment = order && (await this.payments.lock(tx, id));
    if (!payment) return null;
    if (word.noticeId !== undefined && !(await this.payments.noteNotice(tx, payment.provider, word.noticeId))) {
      return payment;
    }
    if (payment.reference !== null && word.reference !== null && payment.reference !== word.reference) {
      this.logger.error(`Payment ${id} is ${payment.reference}, but the provider says ${word.reference}.`);
      return payment;
    }
    const effect = effectOf(payment, word.outcome, isAwaited(payment, order));
    const after = await this.write(tx, payment, word, effect);
    const { amountMinor } = payment;
    if (effect === 'TAKE') {
      const { actorId = null } = word;
      await this.ownership.owner.captured(tx, { orderId, paymentId: id, amountMinor, actorId, reason: null });
    }
    const holds = word.outcome === 'AUTHORIZED';
    if (effect === 'MOVE' && (holds || payment.state === PaymentState.AUTHORIZED)) {
      await this.ownership.owner.held(tx, orderId, holds);
    }
    if (effect === 'GIVE_BACK') {
      const reason = order.awaitsPayment ? GIVEN_UP : LATE;
      const back = { orderId, paymentId: id, amountMinor, reason, actorId: null, leaseSeconds: 0 };
      if (!(await this.refunds.request(tx, back))) throw new Error(`The money of payment ${id} cannot go back.`);
      tx.afterCommit(() => this.onRefundDue());
    }
    return after;
  }

  private async write(tx: Tx, payment: PaymentRow, word: Word, effect: Effect): Promise<PaymentRow | null> {
    const first = payment.reference === null && word.reference !== null;
    const asked = payment.attemptAt !== null || payment.attempts > 0;
    // Until the reference is known the question is how it began; after that, whether it was captured.
    const answered = asked && (first || isFinal(word.outcome) || effect !== 'NONE');
    if (effect === 'NONE' && !first && !answered) return payment;
    const state = stateAfter(payment.state, word, effect);
    return this.payments.answer(tx, payment.id, {
      state,
      capturedMinor: effect === 'TAKE' || effect === 'GIVE_BACK' ? payment.amountMinor : payment.capturedMinor,
      reference: payment.reference ?? word.reference,
      nextAction: state === PaymentState.PENDING ? (word.nextAction ?? payment.nextAction) : null,
      failure: effect === 'MOVE' && state === PaymentState.DECLINED ? reasonOf(word) : payment.failure,
      answered,
    });
  }
}

function reasonOf({ failure = 'Declined.' }: Word): string {
  return failure.slice(0, MAX_REASON_LENGTH);
}

/** Whether the order still waits for all of the payment's amount. */
function isAwaited({ amountMinor, capturedMinor }: PaymentRow, order: PayableOrder): boolean {
  return order.awaitsPayment && amountMinor - capturedMinor <= order.totalMinor - order.paidMinor;
}

function stateAfter(state: PaymentState, { outcome }: Word, effect: Effect): PaymentState {
  if (effect === 'MOVE' || effect === 'TAKE') return PaymentState[outcome];
  return effect === 'GIVE_BACK' && isActive(state) ? PaymentState.CANCELLED : state;
}
