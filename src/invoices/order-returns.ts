import { formatMinor } from '../money/money.js';
import { OrderState } from '../orders/order-states.rules.js';
import type { ImportedReturn, KnownReturn, Returnable, SoldOrder } from '../orders/orders.bulk.js';
import type { MoneyLeft } from '../payments/payments.bulk.js';
import type { Invoice } from './order-invoices.js';
import { isDiscount, isShipping } from './order-plan.js';
import { BadLine, LineProblemKind } from './order-problems.js';
import type { OrderLineOfFile } from './order-rows.js';

/** A line of a cancellation, looking for the order that it gives something back of. */
export interface Wish extends Omit<Returnable, 'most'> {
  line: OrderLineOfFile;
  /** What the history is to say. */
  reason: string;
  /** The how manieth line of its invoice that says the same, from 1. */
  nth: number;
}

/** What came back, with the payment that it came back to; `null` when it was nothing. */
export interface PlannedReturn extends ImportedReturn {
  paymentId: string | null;
}

type Taken = PlannedReturn['units'];

/** Reads a line of a cancellation. @throws BadLine */
export function wishOf(line: OrderLineOfFile, currency: string): Omit<Wish, 'nth'> {
  const { invoice, sku, quantity, unitPriceMinor, customer, placedAt } = line;
  if (quantity > 0) throw new BadLine(LineProblemKind.UNUSABLE, 'quantity: is above 0, in a cancellation');
  if (isDiscount(sku)) {
    throw new BadLine(LineProblemKind.NO_UNITS, `sku: ${sku} is a discount, and gives no units back`);
  }
  if (customer === null) {
    const why = 'customer_id: is missing, so nobody knows which order this gives back';
    throw new BadLine(LineProblemKind.NO_CUSTOMER, why);
  }
  return {
    line,
    unitPriceMinor,
    customerReference: customer,
    until: placedAt,
    sku: isShipping(sku) ? null : sku,
    quantity: -quantity,
    amountMinor: Number(-line.amountMinor),
    reason: `Cancellation ${invoice}: ${-quantity} × ${sku} at ${formatMinor(unitPriceMinor, currency)}`,
  };
}

/** Reads the lines of a cancellation; those that cannot be used go to `refuse`. */
export function wishesOf(
  { lines }: Invoice,
  currency: string,
  refuse: (line: OrderLineOfFile, fault: BadLine) => void,
): Wish[] {
  const counts = new Map<string, number>();
  const wishes: Wish[] = [];
  for (const line of lines) {
    try {
      const wish = wishOf(line, currency);
      const key = keyOf(wish, wish.until);
      const nth = (counts.get(key) ?? 0) + 1;
      counts.set(key, nth);
      wishes.push({ ...wish, nth });
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      refuse(line, error);
    }
  }
  return wishes;
}

/** Which lines were imported before: those that the history tells of, as often as it does. */
export function knownWishes(wishes: readonly Wish[], returns: readonly KnownReturn[]): Set<Wish> {
  const counts = new Map(returns.map((known) => [keyOf(known, known.at.toISOString()), known.count]));
  return new Set(wishes.filter((wish) => wish.nth <= (counts.get(keyOf(wish, wish.until)) ?? 0)));
}

function keyOf({ customerReference, reason }: Omit<KnownReturn, 'at' | 'count'>, at: string): string {
  return [at, customerReference, reason].join(' ');
}

/** Finds the orders that cancellations give back of. It reads and writes nothing: what it is given is all there is. */
export class ReturnsPlan {
  /** In the order of the lines. */
  readonly returns: PlannedReturn[] = [];
  private readonly ofCustomer: Map<string, SoldOrder[]>;
  private readonly money: Map<string, MoneyLeft>;

  /** @param orders locked, newest first */
  constructor(
    orders: readonly SoldOrder[],
    money: readonly MoneyLeft[],
    private readonly currency: string,
  ) {
    this.ofCustomer = Map.groupBy(orders, ({ customerReference }) => customerReference);
    this.money = new Map(money.map((left) => [left.orderId, { ...left }]));
  }

  /** Takes a line in, from the newest order that fits. Never more comes back than was paid. @throws BadLine when none fits */
  add(wish: Wish): void {
    const until = new Date(wish.until);
    const earlier = (this.ofCustomer.get(wish.customerReference) ?? []).filter(
      (order) => order.placedAt <= until && (this.money.get(order.id)?.leftMinor ?? 0) >= wish.amountMinor,
    );
    const [found] = earlier.flatMap((order) => {
      const units = wish.sku === null ? deliveryOf(order, wish) : unitsOf(order, wish);
      return units ? [{ order, units }] : [];
    });
    if (!found) throw new BadLine(LineProblemKind.NO_ORDER, this.missing(wish));
    this.take(found.order, wish, found.units);
  }

  private take(order: SoldOrder, { amountMinor, reason, until }: Wish, units: Taken): void {
    const left = this.money.get(order.id);
    if (left) left.leftMinor -= amountMinor;
    for (const { lineId, quantity } of units) {
      const line = order.lines.find(({ id }) => id === lineId);
      if (line) line.refunded += quantity;
    }
    if (units.length > 0) order.returnedMinor += amountMinor;
    order.refundedMinor += amountMinor;
    const from = order.state;
    const whole = amountMinor > 0 && order.refundedMinor >= order.paidMinor;
    order.state = whole ? OrderState.REFUNDED : from;
    const paymentId = amountMinor > 0 ? (left?.paymentId ?? null) : null;
    this.returns.push({ orderId: order.id, paymentId, amountMinor, at: until, reason, from, to: order.state, units });
  }

  private missing({ line, customerReference, sku, quantity, unitPriceMinor, amountMinor }: Wish): string {
    const money = (minor: number): string => `${formatMinor(minor, this.currency)} ${this.currency}`;
    const what =
      sku === null
        ? `${money(amountMinor)} of delivery (${line.sku})`
        : `${quantity} of ${sku}, sold for ${money(unitPriceMinor)},`;
    return `quantity: no earlier order of customer ${customerReference} has ${what} left to give back`;
  }
}

/** Units of lines with this very price: at another one, only a part of their money would come back. */
function unitsOf(order: SoldOrder, { sku, quantity, unitPriceMinor }: Wish): Taken | null {
  const taken: { lineId: string; quantity: number }[] = [];
  let open = quantity;
  for (const line of order.lines) {
    if (line.sku !== sku || line.unitPriceMinor !== unitPriceMinor) continue;
    const units = Math.min(open, line.quantity - line.refunded);
    if (units > 0) taken.push({ lineId: line.id, quantity: units });
    open -= units;
  }
  return open === 0 ? taken : null;
}

/** What went back beyond the price of the returned units counts as delivery that was given back. */
function deliveryOf(order: SoldOrder, { amountMinor }: Wish): Taken | null {
  const left = order.shippingMinor - Math.max(0, order.refundedMinor - order.returnedMinor);
  return left >= amountMinor ? [] : null;
}
