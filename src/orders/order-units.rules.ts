import { BadUserInput } from '../errors/request-errors.js';
import type { OrderLineUnitsInput } from './order.inputs.js';
import type { LineUnits, OrderLineRow, OrderRow } from './order.type.js';
import { OrderLineNotFound, TooManyUnits } from './orders.errors.js';

/** Units of a line that are neither packed nor given back. */
export function unitsToPack({ quantity, fulfilledQuantity, refundedQuantity }: OrderLineRow): number {
  return Math.max(quantity - fulfilledQuantity - refundedQuantity, 0);
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

/**
 * Units that a client named, checked against the order.
 * @throws OrderLineNotFound, TooManyUnits, BadUserInput when a line is named twice
 */
export function wantedUnits(
  order: OrderRow,
  wanted: readonly OrderLineUnitsInput[],
  what: 'pack' | 'refund',
): LineUnits[] {
  const seen = new Set<string>();
  return wanted.map(({ orderLineId, quantity }, index) => {
    const line = order.lines.find(({ id }) => id === orderLineId);
    if (!line) throw new OrderLineNotFound(index);
    if (seen.has(orderLineId)) {
      throw new BadUserInput([{ path: `input.lines.${index}.orderLineId`, message: 'must not be named twice' }]);
    }
    seen.add(orderLineId);
    const left = what === 'pack' ? unitsToPack(line) : line.quantity - line.refundedQuantity;
    if (quantity > left) throw new TooManyUnits(index, left);
    return { orderLineId, quantity };
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
