import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import type { NewEvent } from '../events/event.js';
import { isReserved } from '../orders/order-states.rules.js';
import type { LineUnits, OrderRow } from '../orders/order.type.js';
import type { SellableOffer } from '../pricing/offer.type.js';
import { PricingService } from '../pricing/pricing.service.js';
import { VariantsService } from '../products/variants.service.js';
import { ReservationsService } from '../stock/reservations.service.js';

interface Units {
  variantId: string;
  quantity: number;
}

/** Units that orders bring back. Products are locked first, as for every change of what can be sold. */
@Injectable()
export class ReturnedStock {
  constructor(
    private readonly events: EventsService,
    private readonly pricing: PricingService,
    private readonly reservations: ReservationsService,
    private readonly variants: VariantsService,
  ) {}

  /** Brings back everything that an order holds: what is promised to it, or what it took. Answers what to tell. */
  async returnAll(tx: Tx, order: OrderRow, actorId: string | null): Promise<NewEvent[]> {
    const units = order.lines.map((line) => ({ line, quantity: line.quantity - line.refundedQuantity }));
    const held = byVariant(units.map(({ line, quantity }) => ({ variantId: line.variantId, quantity })));
    if (held.length === 0) return [];
    const offers = await this.lock(tx, held);
    const changes = isReserved(order)
      ? await this.reservations.release(tx, order.id)
      : await this.reservations.giveBack(tx, order.id, held, { note: null, actorId });
    return this.variants.stockEvents(tx, changes, offers);
  }

  /** Brings back some units of lines, and tells it. */
  async returnSome(tx: Tx, order: OrderRow, units: readonly LineUnits[], actorId: string | null): Promise<void> {
    const variants = new Map(order.lines.map(({ id, variantId }) => [id, variantId]));
    const back = byVariant(
      units.map(({ orderLineId, quantity }) => ({ variantId: variants.get(orderLineId) ?? null, quantity })),
    );
    if (back.length === 0) return;
    const offers = await this.lock(tx, back);
    const changes = await this.reservations.giveBack(tx, order.id, back, { note: null, actorId });
    await this.events.append(tx, ...(await this.variants.stockEvents(tx, changes, offers)));
  }

  /** Whether the time of what is promised to an order has run out. */
  hasExpired(tx: Tx, orderId: string): Promise<boolean> {
    return this.reservations.hasExpired(tx, orderId);
  }

  private lock(tx: Tx, units: readonly Units[]): Promise<SellableOffer[]> {
    return this.pricing.lock(
      tx,
      units.map(({ variantId }) => variantId),
    );
  }
}

/** Sums units by variant; those of variants that are gone are left out. */
function byVariant(units: readonly { variantId: string | null; quantity: number }[]): Units[] {
  const sums = new Map<string, number>();
  for (const { variantId, quantity } of units) {
    if (variantId !== null && quantity > 0) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  }
  return [...sums].map(([variantId, quantity]) => ({ variantId, quantity }));
}
