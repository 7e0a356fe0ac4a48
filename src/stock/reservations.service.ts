import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { OutOfStock } from './stock.errors.js';
import { ReservationsQueries, type Units } from './reservations.queries.js';
import { StockQueries } from './stock.queries.js';
import { StockReason, type MovementCause, type StockChange, type UnitsWanted } from './stock.type.js';

const SOLD: MovementCause = { reason: StockReason.SOLD, note: null, actorId: null };

/**
 * Units that orders hold. A holder is an order's id. Whoever makes units available or unavailable has locked the products
 * before, as for every change of stock, and tells what the changes that are answered mean for them.
 */
@Injectable()
export class ReservationsService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly queries: ReservationsQueries,
    private readonly levels: StockQueries,
  ) {}

  /** Promises units until the reservation ends. @throws OutOfStock */
  async reserve(tx: Tx, holderId: string, wanted: readonly UnitsWanted[]): Promise<StockChange[]> {
    const changes = await this.queries.reserve(tx, holderId, wanted, this.config.reservationMinutes);
    await this.refuseShortage(tx, wanted, changes);
    return changes;
  }

  /** Takes units at once. @throws OutOfStock */
  async take(tx: Tx, holderId: string, wanted: readonly UnitsWanted[]): Promise<StockChange[]> {
    const changes = await this.queries.take(tx, holderId, wanted, SOLD);
    await this.refuseShortage(tx, wanted, changes);
    return changes;
  }

  /** The same of what there is plenty of, in one go with others: fails the transaction unless some units are left of each. */
  reservePlenty(tx: Tx, holderId: string, wanted: readonly Units[]): Promise<void> {
    return this.queries.reservePlenty(tx, holderId, wanted, this.config.reservationMinutes);
  }

  /** As `reservePlenty`, but takes them at once. */
  takePlenty(tx: Tx, holderId: string, wanted: readonly Units[]): Promise<void> {
    return this.queries.takePlenty(tx, holderId, wanted, SOLD);
  }

  /** Takes what was promised to a holder; nothing is told, because it was not available any more. Answers how many variants. */
  takeReserved(tx: Tx, holderId: string): Promise<number> {
    return this.queries.takeReserved(tx, holderId, SOLD);
  }

  /** Keeps what is promised to a holder for so many minutes from now; when left out, as long as at first. */
  async prolong(tx: Tx, holderId: string, minutes = this.config.reservationMinutes): Promise<void> {
    await this.queries.prolong(tx, holderId, minutes);
  }

  /** Whether the time of what is promised to a holder has run out. */
  hasExpired(tx: Tx, holderId: string): Promise<boolean> {
    return this.queries.hasExpired(tx, holderId);
  }

  /** Ends what was promised to a holder. */
  release(tx: Tx, holderId: string): Promise<StockChange[]> {
    return this.queries.release(tx, holderId);
  }

  /** Puts units that a holder took back into the warehouse. */
  async giveBack(
    tx: Tx,
    holderId: string,
    units: readonly Units[],
    cause: Pick<MovementCause, 'note' | 'actorId'>,
  ): Promise<StockChange[]> {
    return units.length === 0
      ? []
      : this.queries.giveBack(tx, holderId, units, { ...cause, reason: StockReason.CANCELLED });
  }

  /** Holders whose promises have run out. */
  expired(limit: number): Promise<string[]> {
    return this.queries.expired(this.database, limit);
  }

  private async refuseShortage(tx: Tx, wanted: readonly UnitsWanted[], changes: readonly StockChange[]): Promise<void> {
    if (changes.length === wanted.length) return;
    const got = new Set(changes.map(({ variantId }) => variantId));
    const missing = wanted.find(({ variantId }) => !got.has(variantId));
    if (!missing) throw new Error('A variant was wanted twice.');
    const [level] = await this.levels.levels(tx, [missing.variantId]);
    throw new OutOfStock(level?.available ?? 0, missing);
  }
}
