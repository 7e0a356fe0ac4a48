import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { PageRequest } from '../database/keyset.js';
import { BadUserInput } from '../errors/request-errors.js';
import { toConnection, type Connection } from '../graphql/page.js';
import { OutOfStock } from './stock.errors.js';
import { MAX_ON_HAND, MOVEMENTS_BY_AGE, StockQueries } from './stock.queries.js';
import type { MovementCause, StockChange, StockMovement } from './stock.type.js';

/** Counts units. It knows variants by their ids only; whoever moves stock tells the shop about it. */
@Injectable()
export class StockService {
  constructor(
    private readonly database: Database,
    private readonly queries: StockQueries,
  ) {}

  /**
   * Adds units (positive) or takes them (negative). A variant that was never stocked begins with none.
   * @throws OutOfStock when fewer can be taken; then nothing is taken
   */
  async adjust(tx: Tx, variantId: string, delta: number, cause: MovementCause): Promise<StockChange> {
    const change = await this.queries.adjust(tx, variantId, delta, cause);
    if (change) return change;
    const [level] = await this.queries.levels(tx, [variantId]);
    const [first] = level || delta < 0 ? [] : await this.queries.set(tx, [{ variantId, onHand: delta }], cause);
    if (first) return first;
    if (delta > 0) {
      throw new BadUserInput([{ path: 'input.delta', message: `would make more than ${MAX_ON_HAND} units` }]);
    }
    throw new OutOfStock(level?.available ?? 0);
  }

  /** Sets units on hand, also of variants that are new. Answers what changed, in no particular order. */
  async set(
    tx: Tx,
    levels: readonly { variantId: string; onHand: number }[],
    cause: MovementCause,
  ): Promise<StockChange[]> {
    return levels.length === 0 ? [] : this.queries.set(tx, levels, cause);
  }

  /** The ledger of one variant, newest entry first. */
  async movements(variantId: string, request: PageRequest): Promise<Connection<StockMovement>> {
    const page = await this.queries.movements(this.database, variantId, request);
    return toConnection(MOVEMENTS_BY_AGE, page, () => this.queries.countMovements(this.database, variantId));
  }
}
