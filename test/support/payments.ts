import type { Db, Tx } from '../../src/database/db.js';
import {
  PaymentOwnership,
  type MoneyMoved,
  type PayableOrder,
  type PaymentOwner,
} from '../../src/payments/payment-owner.service.js';
import type { PaymentNotice, PaymentOutcome, StartRequest } from '../../src/payments/payment-provider.js';
import { PaymentWorker } from '../../src/payments/payment-worker.js';
import type { PaymentRow, RefundRow } from '../../src/payments/payment.type.js';
import { PaymentsService } from '../../src/payments/payments.service.js';
import { SandboxCourier, SandboxProvider } from '../../src/payments/sandbox.provider.js';
import { startShop, type Shop } from './shop.js';

/** Orders as far as payments look at them, on rows that the tests put there. */
class TestOrders implements PaymentOwner {
  async lock(tx: Tx, orderId: string): Promise<PayableOrder | null> {
    const [order] = await tx.query<PayableOrder>(
      'test.lockOrder',
      `SELECT id, number, currency, total_minor AS "totalMinor", paid_minor AS "paidMinor",
         state = 'PENDING_PAYMENT' AS "awaitsPayment" FROM orders WHERE id = $1 FOR UPDATE`,
      [orderId],
    );
    return order ?? null;
  }

  async captured(tx: Tx, { orderId, amountMinor }: MoneyMoved): Promise<void> {
    await tx.query(
      'test.captured',
      `UPDATE orders SET paid_minor = paid_minor + $2,
         state = CASE WHEN paid_minor + $2 = total_minor THEN 'PAID' ELSE state END WHERE id = $1`,
      [orderId, amountMinor],
    );
  }

  async held(): Promise<void> {
    // These orders promise no units.
  }

  async refunded(tx: Tx, { orderId, amountMinor }: MoneyMoved): Promise<void> {
    const sql = 'UPDATE orders SET refunded_minor = refunded_minor + $2 WHERE id = $1';
    await tx.query('test.refunded', sql, [orderId, amountMinor]);
  }
}

/** An order with everything that payments did to it, in short. */
export interface Books {
  /** `PAID 5000 -1000`: state, paid, and given back. */
  order: string;
  /** `CAPTURED 5000 -1000`, oldest first. */
  payments: string[];
  /** `SUCCEEDED 1000`, oldest first. */
  refunds: string[];
}

/** How an order is paid; whatever is left out: by the sandbox, which takes the money at once. */
export interface Wish {
  provider?: string;
  token?: string | null;
  key?: string | null;
}

/** A shop with a till: what the tests need to pay orders. Its worker runs only when it is told to. */
export class Till {
  readonly payments: PaymentsService;
  readonly worker: PaymentWorker;
  readonly sandbox: SandboxProvider;
  readonly courier: SandboxCourier;
  /** Whom payments tell about money. */
  readonly orders: PaymentOwner = new TestOrders();

  private constructor(readonly shop: Shop) {
    this.payments = shop.app.get(PaymentsService, { strict: false });
    this.worker = shop.app.get(PaymentWorker, { strict: false });
    this.sandbox = shop.app.get(SandboxProvider, { strict: false });
    this.courier = shop.app.get(SandboxCourier, { strict: false });
    shop.app.get(PaymentOwnership, { strict: false }).register(this.orders);
  }

  static async open(settings: Record<string, string> = {}): Promise<Till> {
    return this.in(await startShop({ PAYMENT_TIMEOUT_SECONDS: '1', ...settings }));
  }

  /** The till of a shop that runs already. */
  static async in(shop: Shop): Promise<Till> {
    const till = new Till(shop);
    await till.worker.pause();
    return till;
  }

  /** A new order that waits for so many minor units; answers its id. */
  async order(totalMinor = 5_000): Promise<string> {
    const [order] = await this.query<{ id: string }>(
      `INSERT INTO orders (state, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor, tax_included)
       VALUES ('PENDING_PAYMENT', 'GBP', $1, 0, 0, 0, $1, true) RETURNING id`,
      [totalMinor],
    );
    return order?.id ?? '';
  }

  /** Opens a payment and does not begin it: so it is left when a process dies in between. */
  openPayment(orderId: string, { provider = 'sandbox', token = null, key = null }: Wish = {}): Promise<PaymentRow> {
    return this.shop.database.transaction(async (tx) => {
      const order = await this.orders.lock(tx, orderId);
      if (!order) throw new Error('There is no such order.');
      return this.payments.open(tx, { order, provider, token, idempotencyKey: key });
    });
  }

  async pay(orderId: string, wish: Wish = {}): Promise<PaymentRow> {
    return this.payments.begin(await this.openPayment(orderId, wish));
  }

  /** Cancels an order that waits for its money, as the room of the orders does. */
  async cancel(orderId: string): Promise<void> {
    await this.shop.database.transaction(async (tx) => {
      const order = await this.orders.lock(tx, orderId);
      if (!order?.awaitsPayment) return;
      await tx.query('test.cancel', `UPDATE orders SET state = 'CANCELLED' WHERE id = $1`, [orderId]);
      await this.payments.cancelOpen(tx, orderId);
    });
  }

  /** Requests a refund; `settle` it. */
  requestRefund(orderId: string, amountMinor: number, reason: string | null = null): Promise<RefundRow> {
    return this.shop.database.transaction((tx) =>
      this.payments.requestRefund(tx, { orderId, amountMinor, reason, actorId: null }),
    );
  }

  async refund(orderId: string, amountMinor: number): Promise<RefundRow> {
    return this.payments.settle(await this.requestRefund(orderId, amountMinor));
  }

  capture(orderId: string, amountMinor: number | null = null): Promise<PaymentRow> {
    return this.payments.capture({ orderId, amountMinor, actorId: null });
  }

  /** Lets the worker ask whatever there is to ask, as if its time had come. */
  async workAfterAWhile(): Promise<void> {
    for (const table of ['payments', 'refunds']) {
      // Rows that somebody works on are passed over, or two of these could wait for each other.
      await this.query(
        `UPDATE ${table} SET attempt_at = now() - interval '1 minute' WHERE id IN
           (SELECT id FROM ${table} WHERE attempt_at IS NOT NULL FOR UPDATE SKIP LOCKED)`,
      );
    }
    await this.worker.run();
  }

  /** The provider tells by itself what has become of a payment. */
  tell(payment: PaymentRow, outcome: PaymentOutcome, traits: Partial<PaymentNotice> = {}): Promise<void> {
    return this.payments.receive('sandbox', this.sandbox.deliveryOf(this.noticeOf(payment, outcome, traits)));
  }

  noticeOf(payment: PaymentRow, outcome: PaymentOutcome, traits: Partial<PaymentNotice> = {}): PaymentNotice {
    return { noticeId: `${payment.id} ${outcome}`, reference: payment.reference ?? '', outcome, ...traits };
  }

  async books(orderId: string): Promise<Books> {
    const rows = async (sql: string): Promise<string[]> =>
      (await this.query<{ text: string }>(sql, [orderId])).map(({ text }) => text);
    const [order = ''] = await rows(
      `SELECT concat_ws(' ', state, paid_minor, '-' || refunded_minor) AS text FROM orders WHERE id = $1`,
    );
    return {
      order,
      payments: await rows(
        `SELECT concat_ws(' ', state, captured_minor, '-' || refunded_minor) AS text FROM payments WHERE order_id = $1 ORDER BY id`,
      ),
      refunds: await rows(
        `SELECT concat_ws(' ', state, amount_minor) AS text FROM refunds WHERE order_id = $1 ORDER BY id`,
      ),
    };
  }

  /** Everything that a refusal must leave as it was. */
  async dump(): Promise<string> {
    const tables = ['orders', 'payments', 'refunds', 'payment_notices'];
    const rows = tables.map((table) => this.query(`SELECT * FROM ${table} ORDER BY 1, 2`));
    return JSON.stringify(await Promise.all(rows));
  }

  query<Row extends object>(sql: string, params: unknown[] = []): Promise<Row[]> {
    const db: Db = this.shop.database;
    return db.query('test.till', sql, params);
  }

  close(): Promise<void> {
    return this.shop.close();
  }
}

/** Runs work that must be refused, and answers the code. Nothing may have changed. */
export async function refusal(till: Till, work: () => Promise<unknown>): Promise<string> {
  const before = await till.dump();
  const code = await work().then(
    () => 'DONE',
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
  expect(await till.dump()).toBe(before);
  return code;
}

/** Puts another method in the place of one of a provider, until `restore`. */
export function replace<T extends object, K extends keyof T>(target: T, name: K, by: T[K]): { restore(): void } {
  const before = target[name];
  target[name] = by;
  return { restore: () => (target[name] = before) };
}

/** Notes what the sandbox is asked to start, until `restore`. */
export function watched({ sandbox }: Till): { asked: StartRequest[]; restore(): void } {
  const asked: StartRequest[] = [];
  const start = sandbox.start.bind(sandbox);
  const watch = replace(sandbox, 'start', (request, signal) => {
    asked.push(request);
    return start(request, signal);
  });
  return { asked, restore: () => watch.restore() };
}
