import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import { OrdersBulk, type ImportedLine, type ImportedOrder, type StoredOrder } from '../orders/orders.bulk.js';
import { PaymentsBulk } from '../payments/payments.bulk.js';
import { ProductsBulk } from '../products/products.bulk.js';
import { ProductsService } from '../products/products.service.js';
import type { OrderBatchOutcome } from './order-import-run.js';
import { refusedLines, type Invoice } from './order-invoices.js';
import { planOrder, type PlannedOrder } from './order-plan.js';
import { LineProblemKind, type LineFault } from './order-problems.js';

type Goods = Pick<ImportedLine, 'variantId' | 'productId' | 'productName' | 'variantTitle'>;

/** Writes invoices as orders that are delivered and paid: history, that nobody is told of and that moves no stock. */
@Injectable()
export class OrderWriter {
  constructor(
    private readonly config: Config,
    private readonly products: ProductsBulk,
    private readonly sales: ProductsService,
    private readonly orders: OrdersBulk,
    private readonly payments: PaymentsBulk,
  ) {}

  /** Adds those that the shop does not have. */
  async write(tx: Tx, invoices: readonly Invoice[]): Promise<OrderBatchOutcome> {
    // The lock of all imports: another one may be adding the same invoices.
    await this.products.takeTurn(tx);
    const known = await this.stored(tx, invoices);
    const fresh: PlannedOrder[] = [];
    const faults: LineFault[] = [];
    const sum = { lines: 0, minor: 0n };
    let unchanged = 0;
    for (const invoice of invoices) {
      const plan = planOrder(invoice);
      if ('faults' in plan) {
        faults.push(...plan.faults);
        continue;
      }
      const stored = known.get(invoice.number);
      if (stored && !isSame(plan.order, stored, this.config.shopCurrency)) {
        faults.push(...refusedLines(invoice, LineProblemKind.OTHER_ORDER, 'is an order of the shop, but another one'));
        continue;
      }
      sum.lines += plan.lines;
      sum.minor += BigInt(stored?.totalMinor ?? 0);
      if (stored) unchanged += 1;
      else fresh.push(plan.order);
    }
    sum.minor += await this.add(tx, fresh);
    return { created: fresh.length, unchanged, sum, faults };
  }

  /** Answers what the new orders come to, as the tables say, in minor units. */
  private async add(tx: Tx, planned: readonly PlannedOrder[]): Promise<bigint> {
    if (planned.length === 0) return 0n;
    const currency = this.config.shopCurrency;
    const goods = await this.goodsOf(tx, planned);
    const orders = planned.map((order) => ({ ...order, currency, lines: order.lines.map(withGoods(goods)) }));
    const ids = new Map((await this.orders.insert(tx, orders)).map(({ id, number }) => [number, id]));
    const paid = orders.filter(({ totalMinor }) => totalMinor > 0);
    await this.payments.insertPaid(
      tx,
      paid.map(({ number, totalMinor, placedAt }) => ({
        orderId: ids.get(number) ?? '',
        amountMinor: totalMinor,
        currency,
        at: placedAt,
      })),
    );
    await this.sales.addSales(tx, salesOf(orders));
    return this.verified(tx, planned);
  }

  /** Reads what was written, so that an import that says it is right has looked. */
  private async verified(tx: Tx, planned: readonly PlannedOrder[]): Promise<bigint> {
    const stored = await this.stored(tx, planned);
    for (const order of planned) {
      const found = stored.get(order.number);
      if (!found || !isSame(order, found, this.config.shopCurrency)) {
        throw new Error(`Invoice ${order.number} was not written as it stands in the file.`);
      }
    }
    return [...stored.values()].reduce((total, { totalMinor }) => total + BigInt(totalMinor), 0n);
  }

  private async stored(tx: Tx, invoices: readonly { number: string }[]): Promise<Map<string, StoredOrder>> {
    const numbers = invoices.map(({ number }) => number);
    return new Map((await this.orders.stored(tx, numbers)).map((order) => [order.number, order]));
  }

  /** What the shop calls the SKUs that it knows. Its products are locked, as their sales are going to be counted. */
  private async goodsOf(tx: Tx, orders: readonly PlannedOrder[]): Promise<Map<string, Goods>> {
    const skus = [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
    const products = await this.products.lock(tx, skus, []);
    const names = new Map(products.map(({ id, name }) => [id, name]));
    const variants = await this.products.variantsOf(tx, [...names.keys()]);
    return new Map(
      variants.map(({ id, productId, sku, title }) => [
        sku,
        { variantId: id, productId, productName: names.get(productId) ?? sku, variantTitle: title },
      ]),
    );
  }
}

/** A SKU that the shop does not know is all that there is to say. */
function withGoods(goods: ReadonlyMap<string, Goods>): (line: PlannedOrder['lines'][number]) => ImportedLine {
  return (line) => ({
    ...line,
    ...(goods.get(line.sku) ?? { variantId: null, productId: null, productName: line.sku, variantTitle: '' }),
  });
}

function salesOf(orders: readonly ImportedOrder[]): { productId: string; units: number }[] {
  const units = new Map<string, number>();
  for (const { productId, quantity } of orders.flatMap(({ lines }) => lines)) {
    if (productId !== null) units.set(productId, (units.get(productId) ?? 0) + quantity);
  }
  return [...units].map(([productId, sold]) => ({ productId, units: sold }));
}

function isSame(planned: PlannedOrder, stored: StoredOrder, currency: string): boolean {
  const lines = planned.lines.map(({ sku, unitPriceMinor, quantity }) => [sku, unitPriceMinor, quantity]);
  return (
    stored.currency === currency &&
    stored.customerReference === planned.customerReference &&
    stored.placedAt.getTime() === Date.parse(planned.placedAt) &&
    stored.subtotalMinor === planned.subtotalMinor &&
    stored.discountMinor === planned.discountMinor &&
    stored.shippingMinor === planned.shippingMinor &&
    stored.totalMinor === planned.totalMinor &&
    stored.shippingCode === (planned.shippingMethod?.code ?? null) &&
    JSON.stringify(stored.lines) === JSON.stringify(lines)
  );
}
