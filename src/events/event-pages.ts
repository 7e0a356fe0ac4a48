import { LRUCache } from 'lru-cache';
import type { LoggedEvent } from './event.js';

/** Events of one page; positions 1 to 64 are the first. */
const PAGE = 64;
const BYTES_KEPT = 8 * 1024 * 1024;
/** Pages that are read from the table at the same time: the other connections are for requests. */
const READERS = 2;

/** Reads the events behind one position, up to and with another, from the table. */
export type ReadPage = (after: number, upTo: number) => Promise<readonly LoggedEvent[]>;

/**
 * Parts of the log that are older than what is in memory, as those read them who are far behind: in small pages that all
 * who need them share, whether they come at the same time or soon after.
 */
export class EventPages {
  private readonly kept = new LRUCache<number, readonly LoggedEvent[]>({ maxSize: BYTES_KEPT });
  private readonly underWay = new Map<number, Promise<readonly LoggedEvent[]>>();
  private readonly waiting: (() => void)[] = [];
  private reading = 0;

  constructor(private readonly readPage: ReadPage) {}

  /**
   * Events from the one behind a position on, up to the end of its page or `upTo`. Empty when that event is not there any more.
   * @param upTo the newest position that may be answered
   */
  async after(pos: number, upTo: number): Promise<readonly LoggedEvent[]> {
    const page = Math.floor(pos / PAGE);
    const events = this.kept.get(page) ?? (await this.pageUnderWay(page, upTo));
    const from = events.findIndex((event) => event.pos === pos + 1);
    return from === -1 ? [] : events.slice(from).filter((event) => event.pos <= upTo);
  }

  /** The log is another one now. */
  clear(): void {
    this.kept.clear();
    this.underWay.clear();
  }

  private async pageUnderWay(page: number, upTo: number): Promise<readonly LoggedEvent[]> {
    const known = this.underWay.get(page);
    if (known) return known;
    const read = this.load(page, upTo).finally(() => {
      if (this.underWay.get(page) === read) this.underWay.delete(page);
    });
    this.underWay.set(page, read);
    return read;
  }

  private async load(page: number, upTo: number): Promise<readonly LoggedEvent[]> {
    const [first, last] = [page * PAGE, (page + 1) * PAGE];
    if (this.reading >= READERS) await new Promise<void>((go) => this.waiting.push(go));
    else this.reading += 1;
    try {
      const events = await this.readPage(first, Math.min(last, upTo));
      // A page that goes on is not whole yet.
      if (last <= upTo) this.kept.set(page, events, { size: sizeOf(events) });
      return events;
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.reading -= 1;
    }
  }
}

function sizeOf(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, { bytes }) => sum + bytes, 1);
}
