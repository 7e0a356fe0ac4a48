import { MAX_MINOR } from '../money/money.js';
import type { ImportedLine, ImportedOrder } from '../orders/orders.bulk.js';
import { spread } from '../promotions/shares.rules.js';
import { refusedLines, type Invoice } from './order-invoices.js';
import { BadLine, LineProblemKind, type LineFault } from './order-problems.js';
import type { OrderLineOfFile } from './order-rows.js';

/** Codes that stand for delivery and not for goods, with what they are called. */
const SHIPPING: ReadonlyMap<string, string> = new Map([
  ['POST', 'Postage'],
  ['DOT', 'Dotcom postage'],
  ['C2', 'Carriage'],
]);
const DISCOUNT = 'D';

/** An invoice as an order, or why it cannot be one. */
export type OrderPlan = { order: PlannedOrder; lines: number } | { faults: LineFault[] };

/** An order that nobody has looked up the goods of. */
export type PlannedOrder = Omit<ImportedOrder, 'currency' | 'lines'> & { lines: PlannedLine[] };

/** A line of it. */
export type PlannedLine = Pick<ImportedLine, 'sku' | 'unitPriceMinor' | 'quantity' | 'discountMinor'>;

/** Whether a code stands for delivery. */
export function isShipping(sku: string): boolean {
  return SHIPPING.has(sku);
}

/** Whether a code stands for money off. */
export function isDiscount(sku: string): boolean {
  return sku === DISCOUNT;
}

/**
 * Makes an order of an invoice that is no cancellation, whole or not at all: an order without one of its lines would be
 * another order.
 */
export function planOrder(invoice: Invoice): OrderPlan {
  if (invoice.refusal !== null) return { faults: refusedLines(invoice, LineProblemKind.UNUSABLE, invoice.refusal) };
  const misfits = invoice.lines.flatMap((line) => misfitOf(line, invoice) ?? []);
  const faults = [...invoice.faults, ...misfits];
  const [fault] = faults.toSorted((a, b) => a.line - b.line);
  if (!fault) return wholeOrder(invoice);
  const unfit = new Set(misfits.map(({ line }) => line));
  const others = invoice.lines.filter(({ line }) => !unfit.has(line));
  const why = `is left out because of ${invoice.unit} ${fault.line}`;
  return { faults: [...misfits, ...refusedLines({ ...invoice, lines: others }, LineProblemKind.INVOICE, why)] };
}

function misfitOf(line: OrderLineOfFile, invoice: Invoice): LineFault | null {
  try {
    refuseMisfit(line, invoice);
    return null;
  } catch (error) {
    if (!(error instanceof BadLine)) throw error;
    return { line: line.line, amountMinor: line.amountMinor, kind: error.kind, reason: error.message };
  }
}

/** @throws BadLine */
function refuseMisfit({ sku, quantity, customer }: OrderLineOfFile, { number, unit, lines: [first] }: Invoice): void {
  if (first && first.customer !== customer) {
    throw new BadLine(
      LineProblemKind.UNUSABLE,
      `customer_id: is not that of ${unit} ${first.line}, of the same invoice`,
    );
  }
  if (isDiscount(sku)) {
    if (quantity > 0) throw new BadLine(LineProblemKind.UNUSABLE, `quantity: is above 0, and ${sku} is a discount`);
  } else if (quantity < 0) {
    throw new BadLine(LineProblemKind.NEGATIVE, `quantity: ${quantity} is below 0, and ${number} is no cancellation`);
  }
}

function wholeOrder(invoice: Invoice): OrderPlan {
  const { number, lines } = invoice;
  const goods = lines.filter(({ sku }) => !isShipping(sku) && !isDiscount(sku));
  const subtotal = sumOf(goods);
  const discount = -sumOf(lines.filter(({ sku }) => isDiscount(sku)));
  const total = sumOf(lines);
  const why = discount > subtotal ? 'has discounts of more than its goods' : 'comes to more than this shop can count';
  if (discount > subtotal || subtotal > MAX_MINOR || total > MAX_MINOR) {
    return { faults: refusedLines(invoice, LineProblemKind.UNUSABLE, why) };
  }
  const taken = spread(
    Number(discount),
    goods.map(({ amountMinor }) => Number(amountMinor)),
  );
  const order: PlannedOrder = {
    number,
    customerReference: lines[0]?.customer ?? null,
    placedAt: lines[0]?.placedAt ?? '',
    subtotalMinor: Number(subtotal),
    discountMinor: Number(discount),
    shippingMinor: Number(sumOf(lines.filter(({ sku }) => isShipping(sku)))),
    totalMinor: Number(total),
    shippingMethod: shippingMethodOf(lines),
    lines: goods.map(({ sku, unitPriceMinor, quantity }, index) => ({
      sku,
      unitPriceMinor,
      quantity,
      discountMinor: taken[index] ?? 0,
    })),
  };
  return { order, lines: lines.length };
}

/** The codes of the invoice, as one method. */
function shippingMethodOf(lines: readonly OrderLineOfFile[]): PlannedOrder['shippingMethod'] {
  const codes = [...new Set(lines.map(({ sku }) => sku).filter(isShipping))];
  if (codes.length === 0) return null;
  return { code: codes.join('+'), name: codes.map((code) => SHIPPING.get(code)).join(', ') };
}

function sumOf(lines: readonly OrderLineOfFile[]): bigint {
  return lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
}
