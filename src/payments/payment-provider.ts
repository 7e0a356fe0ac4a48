/** What a provider is asked to collect. */
export interface StartRequest {
  /** The same for every attempt of one payment: a provider takes it into account once. */
  idempotencyKey: string;
  orderNumber: string;
  amountMinor: number;
  currency: string;
  /** What the client gave for the provider, such as the token of a card form. */
  token: string | null;
  /** From 1: how often this payment has been asked for. */
  attempt: number;
}

/** What has become of a payment at its provider. */
export type PaymentOutcome = 'PENDING' | 'AUTHORIZED' | 'CAPTURED' | 'DECLINED' | 'CANCELLED';

/** What the client must do next, such as open a page of the provider. */
export interface NextAction {
  /** What kind: `REDIRECT` opens `value` as a URL, `CLIENT_SECRET` passes it to the provider's script. */
  type: 'REDIRECT' | 'CLIENT_SECRET';
  value: string;
}

/** A provider's answer about one payment. */
export interface PaymentAnswer {
  /** The provider's own id of the payment. */
  reference: string;
  outcome: PaymentOutcome;
  nextAction?: NextAction;
  /** Why it was declined, for people. */
  failure?: string;
}

/** What a provider is asked to do with a payment that it knows. */
export interface FollowUpRequest {
  idempotencyKey: string;
  reference: string;
  amountMinor: number;
  currency: string;
}

/** A provider's answer about one refund. */
export interface RefundAnswer {
  reference: string;
  outcome: 'PENDING' | 'SUCCEEDED' | 'FAILED';
  failure?: string;
}

/** Something that a provider tells by itself. */
export interface PaymentNotice extends PaymentAnswer {
  /** Id of the notice, at most 255 characters: a provider may tell the same thing more than once. */
  noticeId: string;
  /** The key given to `start`, where the provider tells it: a notice can be faster than the answer with the reference. */
  idempotencyKey?: string;
}

/** A delivery to the webhook of a provider, as it came. */
export interface WebhookDelivery {
  /** The bytes that are signed. */
  body: Buffer;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * A way to collect money. A provider is one file: it implements this and is listed in `payments.module.ts`.
 * Calls are made outside of transactions, may be repeated with the same idempotency key, and are given up after a time-out.
 */
export interface PaymentProvider {
  /** As clients name it, in lower case: `manual`, `sandbox`, `stripe`. */
  readonly name: string;
  /** The goods go before the money comes: nothing is called, staff record the money when it is there. */
  readonly onAccount: boolean;
  /** Moves no money: it works only where the configuration names it. */
  readonly pretends?: true;
  start(request: StartRequest, signal: AbortSignal): Promise<PaymentAnswer>;
  capture(request: FollowUpRequest, signal: AbortSignal): Promise<PaymentAnswer>;
  refund(request: FollowUpRequest, signal: AbortSignal): Promise<RefundAnswer>;
  /** Reads and checks a delivery. @throws BadSignature when it is not from the provider; `null` when it is of no interest */
  notice(delivery: WebhookDelivery): PaymentNotice | null;
}
