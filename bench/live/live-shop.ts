import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/database/database.js';
import type { ScratchShop, ShopTraits } from '../../src/scratch/scratch-shop.js';
import type { ServerProcess } from '../../src/scratch/server-process.js';
import { post } from '../post.ts';
import { cpuOf, familyCpuOf } from '../usage.ts';
import type { LoggedChange } from './checker.ts';
import type { LastCursors } from './crowd.ts';
import type { BookedEvent } from './crowd-orders.ts';
import type { Program } from '../program-copy.ts';

const CREATE = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id } userErrors { code } } }`;
const LOG = `SELECT pos, entity_id AS entity, payload->'product'->>'name' AS name, (payload->'product'->>'version')::int AS version
  FROM event_log WHERE topic = 'product' ORDER BY pos`;
const OUTBOX = `SELECT epoch, EXISTS (SELECT FROM event_outbox) AS waiting FROM event_state`;
const LAST = `SELECT last_pos AS last FROM event_state`;
const SEQUENCED_MS = 30_000;
/** Longer than a change waits for a lock. */
const REST_MS = 6_000;
const COMING_TO_REST_MS = 60_000;
const POLL_MS = 25;
const LINES_SHOWN = 5;
const LINE_LENGTH = 300;
/** With this one the message of an event is 500 bytes long. */
const DESCRIPTION = 244;
const MOST_SOCKETS = '30000';
const CHANGE = /^change (\d+)$/;

/** What a shop for a measurement is like. */
export interface LiveTraits extends ShopTraits {
  /** How many products; 100 unless told otherwise. */
  products?: number;
  /** How many pictures each of them has, with 400 characters of address and description; none unless told otherwise. */
  pictures?: number;
}

/** What the log holds, in its order. */
export interface Book {
  epoch: string;
  events: BookedEvent[];
  /** Those of them that a writer has made. */
  changes: (LoggedChange & { cursor: string })[];
  last: LastCursors;
}

/** A scratch shop with products, whose servers run. */
export class LiveShop {
  /** Products as clients know them. */
  products: string[] = [];
  readonly token: string;
  readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });
  readonly scratch: ScratchShop;
  private readonly program: Program;

  private constructor(scratch: ScratchShop, program: Program, token: string) {
    this.scratch = scratch;
    this.program = program;
    this.token = token;
  }

  /** Starts database and servers, and makes products. @throws Error when something does not start; then nothing is left */
  static async open(program: Program, traits: LiveTraits, signal: AbortSignal): Promise<LiveShop> {
    const { products = 100, pictures = 0, settings } = traits;
    const scratch = await program.scratchShop.ScratchShop.open({
      servers: 1,
      ...traits,
      settings: { SOCKETS: MOST_SOCKETS, ...settings },
    });
    try {
      await scratch.startServers(signal);
      const token = await tokenOf(program, scratch, ['STAFF']);
      const shop = new LiveShop(scratch, program, token);
      await shop.fill(products, pictures);
      return shop;
    } catch (error) {
      await scratch.close({ keep: false });
      throw error;
    }
  }

  /** The only server, or the first of several. */
  get server(): ServerProcess {
    return this.scratch.servers[0] as ServerProcess;
  }

  /** Where servers run now. */
  get urls(): string[] {
    return this.scratch.servers.flatMap(({ url }) => url ?? []);
  }

  get database(): Database {
    return this.scratch.scratch.database;
  }

  /** CPU seconds of the first server by now. */
  cpu(): number {
    return cpuOf(this.server.pid ?? 0);
  }

  /** CPU seconds of all processes of PostgreSQL by now. */
  databaseCpu(): number {
    const [pid = ''] = readFileSync(join(this.scratch.place, 'data', 'postmaster.pid'), 'utf8').split('\n', 1);
    return familyCpuOf(Number(pid));
  }

  /** Sends an operation to one of the servers, as staff unless told otherwise. @throws Error without an answer */
  ask<Answer>(url: string, query: string, variables: object = {}, token = this.token): Promise<Answer> {
    return post<Answer>({ url, agent: this.agent, token, timeoutMs: 10_000 }, { query, variables });
  }

  /** Access token of a new account with these roles, who has no session. */
  tokenOf(...roles: readonly string[]): Promise<string> {
    return tokenOf(this.program, this.scratch, roles);
  }

  /** Where the stream of events stands, as the first server knows it. */
  liveCursor(): Promise<string> {
    return this.cursorOf(this.server.url ?? '');
  }

  /** Resolves when nothing is written any more: changes whose answers never came may still be made. @throws Error when it goes on for a minute */
  async comesToRest(signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + COMING_TO_REST_MS;
    let [last, since] = [-1, 0];
    do {
      const [log] = await this.database.query<{ last: number }>('bench.rest', LAST);
      if (log && log.last !== last) [last, since] = [log.last, performance.now()];
      if (performance.now() > deadline) throw new Error('The log does not come to rest.');
      await sleep(POLL_MS, undefined, { signal });
    } while (performance.now() - since < REST_MS);
  }

  /** All events, once each of them has its place. @throws Error when some do not get one */
  async book(signal: AbortSignal): Promise<Book> {
    const epoch = await this.sequenced(signal);
    const rows = await this.database.query<LogRow>('bench.log', LOG);
    const events = rows.map(({ pos, entity }) => ({
      pos,
      cursor: this.program.cursor.streamCursor(epoch, pos),
      product: this.program.globalId.toGlobalId('product', entity),
    }));
    const changes = rows.flatMap(({ name, version }, index) => {
      const [, number] = CHANGE.exec(name) ?? [];
      const { cursor, product } = events[index] as BookedEvent;
      return number === undefined ? [] : [{ number: Number(number), product, version, cursor }];
    });
    const last = Object.fromEntries(
      events.flatMap(({ product, cursor }) => [
        ['*', cursor],
        [product, cursor],
      ]),
    );
    return { epoch, events, changes, last };
  }

  /** The position that a cursor of the log stands for. */
  positionOf(cursor: string, { epoch }: Book): number {
    return this.program.cursor.streamPosition(epoch, cursor);
  }

  /** How far each server knows the log, and what it has printed last: for when somebody is not told everything. */
  async standing(book: Book): Promise<string[]> {
    const lines = [`The log ends at ${book.events.at(-1)?.pos}.`];
    for (const { url, pid, log } of this.scratch.servers) {
      const cursor = url === null ? null : await this.cursorOf(url).catch(() => null);
      const place = cursor === null ? 'does not answer' : `stands at ${this.positionOf(cursor, book)}`;
      lines.push(`server ${pid} ${place}`, ...log.slice(-LINES_SHOWN).map((line) => `  ${line.slice(0, LINE_LENGTH)}`));
    }
    return lines;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.scratch.close({ keep: false });
  }

  private async cursorOf(url: string): Promise<string> {
    const answer = await this.ask<{ data: { liveCursor: string } }>(url, '{ liveCursor }');
    return answer.data.liveCursor;
  }

  private async sequenced(signal: AbortSignal): Promise<string> {
    for (const deadline = performance.now() + SEQUENCED_MS; ;) {
      const [state] = await this.database.query<{ epoch: string; waiting: boolean }>('bench.outbox', OUTBOX);
      if (state && !state.waiting) return state.epoch;
      if (performance.now() > deadline) throw new Error('Events are left in the outbox.');
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  private async fill(count: number, pictures: number): Promise<void> {
    const [url = ''] = this.urls;
    const images = Array.from({ length: pictures }, () => ({ url: `https://img.example/${text(80)}`, alt: text(300) }));
    const details = { description: text(DESCRIPTION), images };
    for (let made = 0; made < count; made += 1) {
      const input = { name: `Product ${made}`, ...details };
      const { data } = await this.ask<Created>(url, CREATE, { input });
      const id = data?.createProduct.product?.id;
      if (id === undefined) throw new Error('A product could not be made.');
      this.products.push(id);
    }
  }
}

async function tokenOf(
  { queries, accessToken }: Program,
  shop: ScratchShop,
  roles: readonly string[],
): Promise<string> {
  const [id = ''] = await shop.scratch.database.transaction((tx) => queries.addAccounts(tx, 1, roles));
  return accessToken.accessToken(shop.config, { id, roles });
}

/** Text that PostgreSQL cannot make smaller. */
function text(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}

interface LogRow {
  pos: number;
  entity: string;
  name: string;
  version: number;
}

interface Created {
  data?: { createProduct: { product: { id: string } | null } } | null;
}
