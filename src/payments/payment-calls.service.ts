import { Injectable, Logger } from '@nestjs/common';
import { PaymentOutcomes } from './payment-outcomes.service.js';
import { PaymentProviders } from './payment-providers.service.js';
import type { PaymentAnswer, RefundAnswer, WebhookDelivery } from './payment-provider.js';
import type { PaymentRow, RefundRow } from './payment.type.js';
import { PaymentMethodUnavailable } from './payments.errors.js';

/** Who asks a provider, and what may end the waiting before its time. */
export interface Asking {
  actorId?: string | null;
  stop?: AbortSignal;
}

const MAX_ID_LENGTH = 255;
/** The money is at the shop, or went back, without anybody being called. */
const BY_HAND: RefundAnswer = { reference: '', outcome: 'SUCCEEDED' };

/**
 * Talks with providers, outside of every transaction, and records what they say. Asking throws nothing: without an answer
 * a payment or refund stays as it is, and the worker asks again with the same key.
 */
@Injectable()
export class PaymentCalls {
  private readonly logger = new Logger(PaymentCalls.name);

  constructor(
    private readonly providers: PaymentProviders,
    private readonly outcomes: PaymentOutcomes,
  ) {}

  /** Asks to collect a payment. `null` without an answer. */
  start(payment: PaymentRow, orderNumber: string, asking: Asking = {}): Promise<PaymentRow | null> {
    const { idempotencyKey, amountMinor, currency, token, attempts: attempt } = payment;
    const request = { idempotencyKey, orderNumber, amountMinor, currency, token, attempt };
    return this.answerOf(payment, asking, (signal) => this.providers.named(payment.provider).start(request, signal));
  }

  /** Asks for the money of an authorized payment. `null` without an answer. */
  capture(payment: PaymentRow, asking: Asking = {}): Promise<PaymentRow | null> {
    const { id, reference, amountMinor, currency } = payment;
    const request = { idempotencyKey: `capture:${id}`, reference: reference ?? '', amountMinor, currency };
    return this.answerOf(payment, asking, (signal) => this.providers.named(payment.provider).capture(request, signal));
  }

  /** Asks to give money back; on account staff do it by hand, and it counts at once. Answers the refund as it is then. */
  async refund(refund: RefundRow, { stop }: Asking = {}): Promise<RefundRow> {
    const { id, paymentReference: reference, amountMinor, currency, round } = refund;
    const request = {
      idempotencyKey: round === 0 ? `refund:${id}` : `refund:${id}:${round}`,
      reference: reference ?? '',
      amountMinor,
      currency,
    };
    try {
      const provider = this.providers.named(refund.provider);
      const answer = provider.onAccount
        ? BY_HAND
        : await this.providers.ask((signal) => provider.refund(request, signal), stop);
      return (await this.outcomes.recordRefund(refund, answer)) ?? refund;
    } catch (error) {
      this.unanswered(`Refund ${id}`, refund, error);
      return refund;
    }
  }

  /**
   * Takes what a provider tells by itself, each notice once. What is of no interest, or about a payment that is not known
   * here, is accepted: the provider would only tell it again.
   * @throws PaymentMethodUnavailable, BadSignature; Unavailable when it should be told again
   */
  async receive(providerName: string, delivery: WebhookDelivery): Promise<void> {
    const provider = this.providers.named(providerName);
    if (provider.onAccount) throw new PaymentMethodUnavailable(providerName);
    const notice = provider.notice(delivery);
    if (!notice) return;
    const { noticeId, reference } = notice;
    const readable = [noticeId, reference].every((id) => id.length <= MAX_ID_LENGTH && !id.includes('\0'));
    if (readable && (await this.outcomes.recordNotice(providerName, notice))) return;
    const shown = JSON.stringify(reference.slice(0, MAX_ID_LENGTH));
    this.logger.warn(`${providerName} tells of a payment that is not known here: ${shown}`);
  }

  private async answerOf(
    payment: PaymentRow,
    { actorId = null, stop }: Asking,
    call: (signal: AbortSignal) => Promise<PaymentAnswer>,
  ): Promise<PaymentRow | null> {
    try {
      const answer = await this.providers.ask(call, stop);
      return await this.outcomes.record(payment, { ...answer, actorId });
    } catch (error) {
      this.unanswered(`Payment ${payment.id}`, payment, error);
      return null;
    }
  }

  private unanswered(what: string, { provider, attemptAt, attempts }: PaymentRow | RefundRow, error: unknown): void {
    const why = error instanceof Error ? error.message : String(error);
    this.logger.warn(`${what}: no answer of ${provider} to question ${attempts}: ${why}`);
    if (attemptAt === null) this.logger.error(`${what}: ${provider} is not asked any more. Look at it there.`);
  }
}
