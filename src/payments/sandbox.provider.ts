import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SIGNING_SECRET } from '../access/signing.js';
import { apart } from '../database/once.js';
import { uncounted } from '../telemetry/statements.js';
import { isSigned, noticeKey, SIGNATURE_HEADER, signatureOf } from './notice-signature.js';
import type {
  FollowUpRequest,
  PaymentAnswer,
  PaymentNotice,
  PaymentOutcome,
  PaymentProvider,
  RefundAnswer,
  StartRequest,
  WebhookDelivery,
} from './payment-provider.js';
import { BadSignature } from './payments.errors.js';
import { PaymentsService } from './payments.service.js';

/** What one token plays. */
interface Play {
  outcome: PaymentOutcome;
  failure?: string;
  /** The client is sent to a page of the provider. */
  redirects?: true;
  /** What is told afterwards by itself, in this order. */
  tells?: readonly PaymentOutcome[];
  /** Milliseconds until the first of it, and between two. */
  afterMs?: number;
  /** How often no answer comes before this one. */
  silent?: number;
}

const SOON_MS = 200;
const LATE_MS = 5_000;
/** Notices on their way, at most; what is more is lost, as it may be with any provider. */
const MAX_WAITING = 1_000;

const PLAYS: ReadonlyMap<string, Play> = new Map([
  ['succeed', { outcome: 'CAPTURED' }],
  ['authorize', { outcome: 'AUTHORIZED' }],
  ['decline', { outcome: 'DECLINED', failure: 'The card was declined.' }],
  ['pending', { outcome: 'PENDING', redirects: true }],
  ['timeout', { outcome: 'CAPTURED', silent: Infinity }],
  ['timeout-once', { outcome: 'CAPTURED', silent: 1 }],
  ['twice', { outcome: 'CAPTURED', tells: ['CAPTURED', 'CAPTURED'], afterMs: SOON_MS }],
  ['late', { outcome: 'PENDING', tells: ['CAPTURED'], afterMs: LATE_MS }],
  ['disordered', { outcome: 'PENDING', tells: ['CAPTURED', 'AUTHORIZED'], afterMs: SOON_MS }],
]);
const UNKNOWN: Play = { outcome: 'DECLINED', failure: 'Unknown token.' };
const OUTCOMES: readonly string[] = ['PENDING', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'CANCELLED'];

/** Carries a delivery to the webhook after so many milliseconds. */
export type Courier = (delivery: WebhookDelivery, afterMs: number) => void;

/**
 * A provider for trying things out: it moves no money. What it does follows from the token, what it calls a payment from
 * the idempotency key; it remembers nothing, so the same call always has the same answer.
 */
@Injectable()
export class SandboxProvider implements PaymentProvider {
  readonly name = 'sandbox';
  readonly onAccount = false;
  readonly pretends = true;
  /** Who delivers what it tells by itself. */
  courier: Courier = () => undefined;
  private readonly key: Buffer;

  constructor(@Inject(SIGNING_SECRET) secret: string) {
    this.key = noticeKey(secret);
  }

  async start({ idempotencyKey, token, attempt }: StartRequest, signal: AbortSignal): Promise<PaymentAnswer> {
    const play = PLAYS.get(token ?? 'succeed') ?? UNKNOWN;
    if (attempt <= (play.silent ?? 0)) await silence(signal);
    const reference = referenceOf(idempotencyKey);
    for (const [index, outcome] of (play.tells ?? []).entries()) {
      const noticeId = `${reference}:${outcome}`;
      const delivery = this.deliveryOf({ noticeId, reference, idempotencyKey, outcome });
      this.courier(delivery, (play.afterMs ?? 0) * (index + 1));
    }
    return {
      reference,
      outcome: play.outcome,
      ...(play.failure && { failure: play.failure }),
      ...(play.redirects && { nextAction: { type: 'REDIRECT', value: `https://sandbox.example/pay/${reference}` } }),
    };
  }

  async capture({ reference }: FollowUpRequest): Promise<PaymentAnswer> {
    return { reference, outcome: 'CAPTURED' };
  }

  async refund({ idempotencyKey }: FollowUpRequest): Promise<RefundAnswer> {
    return { reference: referenceOf(idempotencyKey), outcome: 'SUCCEEDED' };
  }

  notice({ body, headers }: WebhookDelivery): PaymentNotice | null {
    if (!isSigned(this.key, body, headers[SIGNATURE_HEADER])) throw new BadSignature();
    return readNotice(body);
  }

  /** A signed delivery, as the webhook of the sandbox takes it. @param seconds when it is signed, since 1970; default is now */
  deliveryOf(notice: PaymentNotice, seconds = Math.floor(Date.now() / 1_000)): WebhookDelivery {
    const body = Buffer.from(JSON.stringify(notice));
    return { body, headers: { [SIGNATURE_HEADER]: signatureOf(this.key, body, seconds) } };
  }
}

/** Brings what the sandbox tells by itself to the shop, as a webhook would, within this process. What waits ends with it. */
@Injectable()
export class SandboxCourier implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(SandboxCourier.name);
  /** In the order in which they were sent. */
  private readonly waiting = new Map<WebhookDelivery, NodeJS.Timeout>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly sandbox: SandboxProvider,
    private readonly payments: PaymentsService,
  ) {}

  onModuleInit(): void {
    this.sandbox.courier = (delivery, afterMs) => this.send(delivery, afterMs);
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
    await Promise.all(this.underWay);
  }

  /** Delivers now whatever waits, one after the other. */
  async flush(): Promise<void> {
    for (const delivery of this.waiting.keys()) await this.deliver(delivery);
    await Promise.all(this.underWay);
  }

  private send(delivery: WebhookDelivery, afterMs: number): void {
    if (this.waiting.size >= MAX_WAITING) return;
    // What is told later is no part of the request that began the payment.
    const timer = apart(() => uncounted(() => setTimeout(() => void this.deliver(delivery), afterMs)));
    this.waiting.set(delivery, timer.unref());
  }

  private async deliver(delivery: WebhookDelivery): Promise<void> {
    clearTimeout(this.waiting.get(delivery));
    this.waiting.delete(delivery);
    const work = this.payments.receive(this.sandbox.name, delivery).catch((error: unknown) => {
      this.logger.warn(`A notice of the sandbox was lost: ${error instanceof Error ? error.message : String(error)}`);
    });
    this.underWay.add(work);
    await work;
    this.underWay.delete(work);
  }
}

function referenceOf(idempotencyKey: string): string {
  return `sb_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}`;
}

/** Ends only when the caller gives up. */
function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** `null` for what is signed but no notice of a payment. */
function readNotice(body: Buffer): PaymentNotice | null {
  let told: Partial<Record<keyof PaymentNotice, unknown>> | null;
  try {
    told = JSON.parse(body.toString()) as typeof told;
  } catch {
    return null;
  }
  const { noticeId, reference, idempotencyKey, outcome, failure } = told ?? {};
  if (typeof noticeId !== 'string' || typeof reference !== 'string') return null;
  if (typeof outcome !== 'string' || !OUTCOMES.includes(outcome)) return null;
  return {
    noticeId,
    reference,
    outcome: outcome as PaymentOutcome,
    ...(typeof idempotencyKey === 'string' && { idempotencyKey }),
    ...(typeof failure === 'string' && { failure }),
  };
}
