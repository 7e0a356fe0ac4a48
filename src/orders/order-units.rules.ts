import { BadUserInput } from '../errors/request-errors.js';
import type { OrderLineUnitsInput } from './order.inputs.js';
import type { Movable } from './order-states.rules.js';
import type { LineUnits, OrderLineRow, OrderRow, RefundedUnits } from './order.type.js';
import { OrderLineNotFound, TooManyUnits } from './orders.errors.js';

/** Units of a line that are still to be packed. */
export function unitsToPack({ quantity, fulfilledQuantity, unsentQuantity }: OrderLineRow): number {
  return quantity - fulfilledQuantity - unsentQuantity;
}

/** What the way of an order depends on. */
export function movable(order: OrderRow): Movable {
  return { ...order, started: hasStarted(order), packable: allToPack(order).length > 0 };
}

/** Whether something of an order is packed. */
export function hasStarted({ lines }: Pick<OrderRow, 'lines'>): boolean {
  return lines.some(({ fulfilledQuantity }) => fulfilledQuantity > 0);
}

/** Whether nothing is left to pack once these units are. */
export function completes({ lines }: OrderRow, units: readonly LineUnits[]): boolean {
  const packed = new Map(units.map(({ orderLineId, quantity }) => [orderLineId, quantity]));
  return lines.every((line) => unitsToPack(line) === (packed.get(line.id) ?? 0));
}

/** Everything that is left to pack. */
export function allToPack({ lines }: OrderRow): LineUnits[] {
  return lines
    .map((line) => ({ orderLineId: line.id, quantity: unitsToPack(line) }))
    .filter(({ quantity }) => quantity > 0);
}

/** Units to pack that a client named, checked against the order. @throws OrderLineNotFound, TooManyUnits, BadUserInput */
export function unitsOfParcel(order: OrderRow, wanted: readonly OrderLineUnitsInput[]): LineUnits[] {
  return linesOf(order, wanted).map(([line, { quantity }], index) => {
    if (quantity > unitsToPack(line)) throw new TooManyUnits(index, unitsToPack(line));
    return { orderLineId: line.id, quantity };
  });
}

/** Units as a client names them for a refund. */
export interface RefundWish extends OrderLineUnitsInput {
  /** Only such that were never packed, or only such that come back; left out: those that come back first. */
  unsent?: boolean | null;
}

/**
 * Units whose money goes back, checked against the order.
 * @param sentOf units of each line that can come back from the customer; `null` when all that are packed count
 * @throws OrderLineNotFound, TooManyUnits, BadUserInput
 */
export function unitsOfRefund(
  order: OrderRow,
  wanted: readonly RefundWish[],
  sentOf: ReadonlyMap<string, number> | null = null,
): RefundedUnits[] {
  return linesOf(order, wanted).map(([line, { quantity, unsent = null }], index) => {
    const out = sentOf ? (sentOf.get(line.id) ?? 0) : line.fulfilledQuantity;
    const sent = Math.max(out - (line.refundedQuantity - line.unsentQuantity), 0);
    const left = (unsent === true ? 0 : sent) + (unsent === false ? 0 : unitsToPack(line));
    if (quantity > left) throw new TooManyUnits(index, left);
    return { orderLineId: line.id, quantity, unsent: unsent === true ? quantity : Math.max(quantity - sent, 0) };
  });
}

/** The lines that a client named. @throws OrderLineNotFound, BadUserInput when one is named twice */
function linesOf<T extends OrderLineUnitsInput>(order: OrderRow, wanted: readonly T[]): [OrderLineRow, T][] {
  const seen = new Set<string>();
  return wanted.map((units, index) => {
    const line = order.lines.find(({ id }) => id === units.orderLineId);
    if (!line) throw new OrderLineNotFound(index);
    if (seen.has(line.id)) {
      throw new BadUserInput([{ path: `input.lines.${index}.orderLineId`, message: 'must not be named twice' }]);
    }
    seen.add(line.id);
    return [line, units];
  });
}

/**
 * What was paid for units, in minor units: their share of the line after discounts, with the tax that was added to it.
 * Rounded so that the shares of all units of a line add up to the line.
 */
export function refundShare(order: OrderRow, units: readonly LineUnits[]): number {
  return units.reduce((sum, { orderLineId, quantity }) => {
    const line = order.lines.find(({ id }) => id === orderLineId);
    if (!line) return sum;
    const before = line.refundedQuantity;
    return sum + shareOf(order, line, before + quantity) - shareOf(order, line, before);
  }, 0);
}

function shareOf({ taxIncluded }: OrderRow, line: OrderLineRow, units: number): number {
  const paid = line.unitPriceMinor * line.quantity - line.discountMinor + (taxIncluded ? 0 : line.taxMinor);
  return Number((BigInt(paid) * BigInt(units)) / BigInt(line.quantity));
}
