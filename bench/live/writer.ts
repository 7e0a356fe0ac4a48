import { setTimeout as sleep } from 'node:timers/promises';
import { now } from './clock.ts';
import type { SentChange } from './checker.ts';
import type { TimedChange } from './crowd-orders.ts';
import type { Book, LiveShop } from './live-shop.ts';

const UPDATE = `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { product { id } userErrors { code } } }`;

// All names, and so all events, are of one length.
const NUMBER_LENGTH = 7;

/** A change, and when it was sent and answered on the shared clock. */
export interface Written extends SentChange {
  sentAt: number;
  answeredAt: number;
}

interface Updated {
  data?: { updateProduct: { product: object | null } } | null;
}

/** Changes products over GraphQL, each product one change at a time, and remembers what it was answered. */
export class Writer {
  readonly written: Written[] = [];
  /** Changes that were due and not sent: no server ran, or every product was still being changed. */
  skipped = 0;
  private readonly idle: string[];
  private readonly underWay = new Set<Promise<void>>();
  private stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private turn = 0;
  private readonly shop: LiveShop;
  private readonly signal: AbortSignal;

  constructor(shop: LiveShop, signal: AbortSignal) {
    this.shop = shop;
    this.signal = signal;
    this.idle = [...shop.products];
  }

  /** Sends so many changes in a second, whether the ones before were answered or not, until it is stopped. */
  start(perSecond: number): void {
    this.stopping = new AbortController();
    this.running = this.pace(perSecond, AbortSignal.any([this.stopping.signal, this.signal]));
  }

  /** Sends no more, and resolves when all are answered or given up. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.underWay);
    this.signal.throwIfAborted();
  }

  /** For seconds: so many changes in a second. Answers the changes. */
  async run(perSecond: number, seconds: number): Promise<Written[]> {
    const before = this.written.length;
    this.start(perSecond);
    try {
      await sleep(seconds * 1_000, undefined, { signal: this.signal });
    } finally {
      await this.stop();
    }
    return this.written.slice(before);
  }

  /** As fast as so many who wait for their answers can, for seconds. Answers the changes that were made in a second. */
  async rush(clients: number, seconds: number): Promise<number> {
    const before = this.written.length;
    const begun = now();
    const client = async (): Promise<void> => {
      while (now() - begun < seconds * 1_000 && !this.signal.aborted) await this.change();
    };
    await Promise.all(Array.from({ length: clients }, client));
    this.signal.throwIfAborted();
    const made = this.written.slice(before).filter(({ acknowledged }) => acknowledged);
    return made.length / ((now() - begun) / 1_000);
  }

  private async pace(perSecond: number, until: AbortSignal): Promise<void> {
    const begun = now();
    for (let count = 0; !until.aborted; count += 1) {
      const wait = begun + (count * 1_000) / perSecond - now();
      if (wait > 0) await sleep(wait, undefined, { signal: until }).catch(() => undefined);
      if (until.aborted) return;
      const change = this.change().finally(() => this.underWay.delete(change));
      this.underWay.add(change);
    }
  }

  private async change(): Promise<void> {
    const product = this.idle.shift();
    const { urls } = this.shop;
    this.turn += 1;
    const url = urls[this.turn % urls.length];
    if (product === undefined || url === undefined) {
      if (product !== undefined) this.idle.push(product);
      this.skipped += 1;
      return;
    }
    const number = this.written.length + 1;
    const written = { number, product, acknowledged: false, sentAt: now(), answeredAt: Infinity };
    this.written.push(written);
    try {
      const input = { id: product, name: `change ${String(number).padStart(NUMBER_LENGTH, '0')}` };
      const { data } = await this.shop.ask<Updated>(url, UPDATE, { input });
      written.acknowledged = data?.updateProduct.product != null;
    } catch {
      // Nobody knows then whether the change was made.
    }
    written.answeredAt = now();
    this.idle.push(product);
  }
}

/** Changes with the cursors under which they went out, for those that were acknowledged. */
export function timed(written: readonly Written[], { changes }: Book): TimedChange[] {
  const cursors = new Map(changes.map(({ number, cursor }) => [number, cursor]));
  return written.flatMap(({ number, acknowledged, sentAt, answeredAt }) => {
    const cursor = cursors.get(number);
    return acknowledged && cursor !== undefined ? [{ cursor, sentAt, answeredAt }] : [];
  });
}
