import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/database/database.js';
import type { Tx } from '../../src/database/db.js';

/** One event, as it was written. */
export interface Written {
  entityId: string;
  payload: string;
}

/** What went wrong between writing and reading. */
export interface Faults {
  lost: number;
  doubled: number;
  /** Events that came behind a later one of the same thing. */
  outOfOrder: number;
}

/** Compares what was committed, in order for each thing, with what somebody was told. */
export function faultsOf(written: readonly Written[], seen: readonly Written[]): Faults {
  const places = new Map(written.map((event, place) => [nameOf(event), place]));
  const times = new Map<string, number>();
  const last = new Map<string, number>();
  let outOfOrder = 0;
  for (const event of seen) {
    const name = nameOf(event);
    times.set(name, (times.get(name) ?? 0) + 1);
    const place = places.get(name) ?? -1;
    if (place < (last.get(event.entityId) ?? -1)) outOfOrder += 1;
    last.set(event.entityId, place);
  }
  const counts = written.map((event) => times.get(nameOf(event)) ?? 0);
  return {
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.reduce((sum, count) => sum + Math.max(count - 1, 0), 0),
    outOfOrder,
  };
}

function nameOf({ entityId, payload }: Written): string {
  return `${entityId} ${payload}`;
}

/** Reads a table by `seq > last`, as most do who follow a table: the reader that a test of order has to find out. */
export class NaiveReader {
  readonly seen: Written[] = [];
  private last = 0;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  private constructor(private readonly database: Database) {}

  static async on(database: Database): Promise<NaiveReader> {
    await database.query(
      'test.naive',
      'CREATE TABLE naive_log (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entity_id uuid, payload text)',
    );
    const reader = new NaiveReader(database);
    reader.running = reader.follow();
    return reader;
  }

  async write(tx: Tx, { entityId, payload }: Written): Promise<void> {
    await tx.query('test.naiveWrite', 'INSERT INTO naive_log (entity_id, payload) VALUES ($1, $2)', [
      entityId,
      payload,
    ]);
  }

  /** Reads what it thinks is new. */
  async catchUp(): Promise<void> {
    const rows = await this.database.query<Written & { seq: number }>(
      'test.naiveRead',
      'SELECT seq, entity_id AS "entityId", payload FROM naive_log WHERE seq > $1 ORDER BY seq',
      [this.last],
    );
    for (const { seq, entityId, payload } of rows) {
      if (seq <= this.last) continue;
      this.seen.push({ entityId, payload });
      this.last = seq;
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      await this.catchUp();
      await sleep(2);
    }
  }
}
