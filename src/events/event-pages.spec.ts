import type { LoggedEvent } from './event.js';
import { EventPages } from './event-pages.js';

const eventAt = (pos: number): LoggedEvent => ({
  pos,
  topic: 't',
  entityId: 'a',
  type: 'T',
  payload: pos,
  at: new Date(0),
  bytes: 10,
});

/** A log whose oldest events are forgotten; each reading of it ends when it is told to. */
class Table {
  readonly readings: { after: number; upTo: number; end: () => void }[] = [];

  constructor(private readonly oldest = 1) {}

  read = (after: number, upTo: number): Promise<LoggedEvent[]> => {
    const count = Math.max(upTo - after, 0);
    const events = Array.from({ length: count }, (_, n) => eventAt(after + n + 1)).filter(
      ({ pos }) => pos >= this.oldest,
    );
    return new Promise((resolve) => this.readings.push({ after, upTo, end: () => resolve(events) }));
  };

  async endAll(): Promise<void> {
    for (let ended = 0; ended < this.readings.length; ended += 1) {
      this.readings[ended]?.end();
      for (let step = 0; step < 20; step += 1) await Promise.resolve();
    }
  }

  get asked(): [number, number][] {
    return this.readings.map(({ after, upTo }) => [after, upTo]);
  }
}

const positions = (events: readonly LoggedEvent[]): number[] => events.map(({ pos }) => pos);

describe('pages of the log', () => {
  it('answer from a place to the end of its page, and read each page once for all who come', async () => {
    const table = new Table();
    const pages = new EventPages(table.read);
    const answers = Promise.all([pages.after(60, 1_000), pages.after(62, 1_000), pages.after(0, 1_000)]);
    await table.endAll();
    expect((await answers).map((events) => [positions(events)[0], events.length])).toEqual([
      [61, 4],
      [63, 2],
      [1, 64],
    ]);
    expect(positions(await pages.after(63, 1_000))).toEqual([64]);
    expect(table.asked).toEqual([[0, 64]]);
  });

  it('keep no page that goes on, and answer nothing newer than they may', async () => {
    const table = new Table();
    const pages = new EventPages(table.read);
    const first = pages.after(64, 70);
    await table.endAll();
    expect(positions(await first)).toEqual([65, 66, 67, 68, 69, 70]);
    const second = pages.after(70, 200);
    await table.endAll();
    expect(positions(await second)).toHaveLength(58);
    expect(positions(await pages.after(64, 66))).toEqual([65, 66]);
    expect(table.asked).toEqual([
      [64, 70],
      [64, 128],
    ]);
  });

  it('answer nothing when the next event was forgotten', async () => {
    const table = new Table(100);
    const pages = new EventPages(table.read);
    const [forgotten, kept] = [pages.after(90, 1_000), pages.after(99, 1_000)];
    await table.endAll();
    expect(await forgotten).toEqual([]);
    expect(positions(await kept)[0]).toBe(100);
  });

  it('read two pages at a time', async () => {
    const table = new Table();
    const pages = new EventPages(table.read);
    const answers = Promise.all([0, 64, 128, 192].map((pos) => pages.after(pos, 1_000)));
    await Promise.resolve();
    expect(table.asked).toHaveLength(2);
    await table.endAll();
    expect((await answers).map((events) => events[0]?.pos)).toEqual([1, 65, 129, 193]);
  });

  it('hold a bounded number of bytes', async () => {
    const table = new Table();
    const pages = new EventPages((after, upTo) =>
      table.read(after, upTo).then((events) => events.map((event) => ({ ...event, bytes: 65_536 }))),
    );
    for (let page = 0; page < 4; page += 1) {
      const read = pages.after(page * 64, 1_000);
      await table.endAll();
      await read;
    }
    // Two pages of 4 MiB do not fit with what counts besides, so one is kept.
    const again = pages.after(0, 1_000);
    await table.endAll();
    await again;
    expect(table.asked).toHaveLength(5);
  });

  it('begin anew after a reading that failed, and when the log is another one', async () => {
    let fails = true;
    const table = new Table();
    const pages = new EventPages((after, upTo) =>
      fails ? Promise.reject(new Error('gone')) : table.read(after, upTo),
    );
    await expect(pages.after(0, 1_000)).rejects.toThrow('gone');
    fails = false;
    for (const times of [1, 2]) {
      const read = pages.after(0, 1_000);
      await table.endAll();
      await read;
      expect(table.asked).toHaveLength(times);
      pages.clear();
    }
  });
});
