import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import { OrdersBulk, type Returnable } from '../orders/orders.bulk.js';
import { PaymentsBulk } from '../payments/payments.bulk.js';
import { ProductsBulk } from '../products/products.bulk.js';
import type { OrderBatchOutcome } from './order-import-run.js';
import { refusedLines, type Invoice } from './order-invoices.js';
import { BadLine, LineProblemKind, type LineFault } from './order-problems.js';
import { knownWishes, ReturnsPlan, wishesOf, type PlannedReturn, type Wish } from './order-returns.js';
import type { OrderLineOfFile } from './order-rows.js';

/** Writes cancellations as refunds of the orders that they give back of, line by line. */
@Injectable()
export class OrderReturnsWriter {
  constructor(
    private readonly config: Config,
    private readonly products: ProductsBulk,
    private readonly orders: OrdersBulk,
    private readonly payments: PaymentsBulk,
  ) {}

  /** Adds the lines that the shop does not have. */
  async write(tx: Tx, invoices: readonly Invoice[]): Promise<OrderBatchOutcome> {
    await this.products.takeTurn(tx);
    const faults: LineFault[] = [];
    const refuse = ({ line, amountMinor }: OrderLineOfFile, { kind, message: reason }: BadLine): void => {
      faults.push({ line, amountMinor, kind, reason });
    };
    const wishes = invoices.flatMap((invoice) => {
      if (invoice.refusal === null) return wishesOf(invoice, this.config.shopCurrency, refuse);
      faults.push(...refusedLines(invoice, LineProblemKind.UNUSABLE, invoice.refusal));
      return [];
    });
    const known = await this.known(tx, wishes);
    const open = wishes.filter((wish) => !known.has(wish));
    const plan = await this.planFor(tx, open);
    for (const wish of open) {
      try {
        plan.add(wish);
      } catch (error) {
        if (!(error instanceof BadLine)) throw error;
        refuse(wish.line, error);
      }
    }
    const minor = (await this.add(tx, plan.returns)) + BigInt(sumOf([...known]));
    const lines = plan.returns.length + known.size;
    return { created: plan.returns.length, unchanged: known.size, sum: { lines, minor: -minor }, faults };
  }

  /** Those that the history of their customers' orders tells of. */
  private async known(tx: Tx, wishes: readonly Wish[]): Promise<Set<Wish>> {
    if (wishes.length === 0) return new Set();
    const customers = [...new Set(wishes.map(({ customerReference }) => customerReference))];
    const reasons = [...new Set(wishes.map(({ reason }) => reason))];
    return knownWishes(wishes, await this.orders.returned(tx, customers, reasons));
  }

  private async planFor(tx: Tx, wishes: readonly Wish[]): Promise<ReturnsPlan> {
    const currency = this.config.shopCurrency;
    if (wishes.length === 0) return new ReturnsPlan([], [], currency);
    const ids = await this.orders.lockSold(tx, wantedBy(wishes));
    const skus = [...new Set(wishes.flatMap(({ sku }) => sku ?? []))];
    return new ReturnsPlan(await this.orders.sold(tx, ids, skus), await this.payments.left(tx, ids), currency);
  }

  /** Answers what went back, as the tables say, in minor units. */
  private async add(tx: Tx, returns: readonly PlannedReturn[]): Promise<bigint> {
    if (returns.length === 0) return 0n;
    await this.orders.giveBack(tx, returns);
    const refunds = returns.flatMap(({ paymentId, orderId, amountMinor, reason, at }) =>
      paymentId === null ? [] : [{ paymentId, orderId, amountMinor, reason, at }],
    );
    const refunded = await this.payments.insertRefunded(tx, refunds);
    if (refunded !== sumOf(returns)) throw new Error('The refunds were not written as they stand in the file.');
    return BigInt(refunded);
  }
}

function wantedBy(wishes: readonly Wish[]): Returnable[] {
  const ofCustomer = Map.groupBy(wishes, ({ customerReference }) => customerReference);
  return wishes.map(({ customerReference, sku, unitPriceMinor, quantity, amountMinor, until }) => {
    const most = ofCustomer.get(customerReference)?.length ?? 0;
    return { customerReference, sku, unitPriceMinor, quantity, amountMinor, until, most };
  });
}

function sumOf(parts: readonly { amountMinor: number }[]): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
