import { Injectable } from '@nestjs/common';
import type { Db, Tx } from '../database/db.js';

// Any constant of our own: two servers that start on one empty database must not both fill it.
const SEED_LOCK = 7_105_012;

@Injectable()
export class DemoShopQueries {
  async takeTurn(tx: Tx): Promise<void> {
    await tx.query('demoShop.takeTurn', 'SELECT pg_advisory_xact_lock($1)', [SEED_LOCK]);
  }

  /** Whether there is any product or account, and which of these addresses have one. */
  async state(db: Db, emails: readonly string[]): Promise<{ used: boolean; known: string[] }> {
    const [state] = await db.query<{ used: boolean; known: string[] }>(
      'demoShop.state',
      `SELECT EXISTS (SELECT FROM products) OR EXISTS (SELECT FROM users) AS used,
         ARRAY(SELECT lower(email) FROM users WHERE lower(email) = ANY($1)) AS known`,
      [emails],
    );
    return state ?? { used: false, known: [] };
  }
}
