import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WorkLoop } from '../events/work-loop.js';
import { PaymentCalls } from './payment-calls.service.js';
import { PaymentOutcomes } from './payment-outcomes.service.js';
import { PaymentProviders } from './payment-providers.service.js';
import type { PaymentRow } from './payment.type.js';
import { PaymentsQueries } from './payments.queries.js';
import { RefundsQueries } from './refunds.queries.js';

const POLL_MS = 5_000;
const NOTICES_KEPT_DAYS = 30;
const NOTICES_AT_ONCE = 1_000;
const FORGET_EVERY_MS = 3_600_000;

/**
 * Asks providers what nobody has an answer to: after a time-out, or when a process died between the commit and the call.
 * Any process may do it; what one has taken, another leaves alone until its time comes again.
 */
@Injectable()
export class PaymentWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(PaymentWorker.name);
  private readonly loop = new WorkLoop(() => this.runQuietly(), POLL_MS);
  private readonly stopping = new AbortController();
  private forgottenAt = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly providers: PaymentProviders,
    private readonly payments: PaymentsQueries,
    private readonly refunds: RefundsQueries,
    private readonly calls: PaymentCalls,
    private readonly outcomes: PaymentOutcomes,
  ) {}

  onApplicationBootstrap(): void {
    this.outcomes.onRefundDue = () => this.loop.wake();
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('The server stops.'));
    await this.pause();
  }

  /** Resolves when the run under way has ended; nothing runs by itself any more. */
  async pause(): Promise<void> {
    await this.loop.stop();
  }

  /** Asks everything whose time has come, then forgets old notices. */
  async run(): Promise<void> {
    while (!this.stopping.signal.aborted && (await this.batch()) > 0);
    await this.forgetNotices();
  }

  private async runQuietly(): Promise<void> {
    try {
      await this.run();
    } catch (error) {
      this.waits(error);
    }
  }

  private waits(error: unknown): void {
    this.logger.warn(`Payments wait: ${error instanceof Error ? error.message : String(error)}`);
  }

  /** Answers how many were asked. */
  private async batch(): Promise<number> {
    if (!(await this.payments.isAnythingDue(this.database))) return 0;
    const { leaseSeconds } = this.providers;
    const due = await this.database.transaction(async (tx) => ({
      forsaken: [...(await this.payments.forsake(tx)), ...(await this.refunds.forsake(tx))],
      payments: await this.payments.takeDue(tx, leaseSeconds),
      refunds: await this.refunds.takeDue(tx, leaseSeconds),
    }));
    const stop = this.stopping.signal;
    const asked = await Promise.allSettled([
      ...due.payments.map((payment) => this.ask(payment)),
      ...due.refunds.map((refund) => this.calls.refund(refund, { stop })),
    ]);
    for (const result of asked) if (result.status === 'rejected') this.waits(result.reason);
    if (due.forsaken.length > 0) {
      this.logger.error(`Nobody knows what became of ${due.forsaken.join(', ')}: look at the provider.`);
    }
    return due.payments.length + due.refunds.length + due.forsaken.length;
  }

  private async ask(payment: PaymentRow): Promise<void> {
    const asking = { stop: this.stopping.signal };
    if (payment.reference !== null) {
      await this.calls.capture(payment, asking);
      return;
    }
    const orderNumber = await this.outcomes.orderNumber(payment.orderId);
    if (orderNumber !== null) await this.calls.start(payment, orderNumber, asking);
  }

  private async forgetNotices(): Promise<void> {
    if (performance.now() - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = performance.now();
    const forget = (): Promise<number> =>
      this.database.transaction((tx) => this.payments.forgetNotices(tx, NOTICES_KEPT_DAYS, NOTICES_AT_ONCE));
    while ((await forget()) === NOTICES_AT_ONCE);
  }
}
