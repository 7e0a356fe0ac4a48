import type { LoggedEvent } from '../events/event.js';
import { LiveAnswer, type Outlet } from './live-answer.js';
import { Watcher, type Followed } from './watcher.js';

/** All of it in one go. */
const ONE_SLICE = { isOver: false, next: () => Promise.resolve() };

const KIB = 1024;

const eventAt = (pos: number, topic = 'mine'): LoggedEvent => ({
  pos,
  topic,
  entityId: 'a',
  type: 'T',
  payload: pos,
  at: new Date(0),
  bytes: 10,
});

/** A log of so many events, of which every tenth is of another topic; some may come later. */
class Log {
  readonly reads: number[] = [];
  position: number;

  constructor(count: number) {
    this.position = count;
  }

  at = (pos: number): LoggedEvent => eventAt(pos, pos % 10 === 0 ? 'other' : 'mine');

  /** At most five at once, like the table. */
  read = (pos: number): Promise<LoggedEvent[]> => {
    this.reads.push(pos);
    return Promise.resolve(Array.from({ length: Math.min(5, this.position - pos) }, (_, n) => this.at(pos + n + 1)));
  };
}

/** A group whose answers are the positions. */
class Group implements Followed {
  readonly live = new Set<Watcher>();
  isIdle = true;
  readonly asked: number[] = [];

  concerns({ topic }: LoggedEvent): boolean {
    return topic === 'mine';
  }

  // Every seventh is nothing for it after all.
  answer({ pos }: LoggedEvent): Promise<LiveAnswer | null> {
    this.asked.push(pos);
    return Promise.resolve(pos % 7 === 0 ? null : new LiveAnswer('', `${pos}`));
  }
}

/** A network that holds what it is given until it is told to take it. */
class Network implements Outlet {
  readonly told: number[] = [];
  readonly waits: { milliseconds: number; end: (inTime: boolean) => void }[] = [];
  readonly failures: unknown[] = [];
  unsent = 0;
  givenUp = 0;

  constructor(private readonly answerBytes = 0) {}

  send(answer: LiveAnswer): void {
    this.told.push(Number(/^data: (.*)$/m.exec(answer.streamPart)?.[1]));
    this.unsent += this.answerBytes;
  }

  drained(milliseconds: number): Promise<boolean> {
    return new Promise((end) => this.waits.push({ milliseconds, end }));
  }

  fail(error: unknown): void {
    this.failures.push(error);
  }

  giveUp(): void {
    this.givenUp += 1;
  }

  /** The wait ends, and so many bytes are left. */
  end(inTime: boolean, unsent: number): Promise<void> {
    this.unsent = unsent;
    this.waits.shift()?.end(inTime);
    return settle();
  }
}

/** Lets everything go on that can. */
async function settle(): Promise<void> {
  for (let step = 0; step < 500; step += 1) await Promise.resolve();
}

function watching(
  log: Log,
  { from = 0, answerBytes = 0 } = {},
): {
  watcher: Watcher;
  group: Group;
  network: Network;
  metrics: { deliveries: number; slowConsumers: number };
} {
  const [group, network, metrics] = [new Group(), new Network(answerBytes), { deliveries: 0, slowConsumers: 0 }];
  return {
    watcher: new Watcher(group, network, from, { feed: log, metrics, slices: ONE_SLICE, patienceMs: 30_000 }),
    group,
    network,
    metrics,
  };
}

const wanted = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n).filter((pos) => pos % 10 !== 0 && pos % 7 !== 0);

describe('a watcher', () => {
  it('reads the log from its place until nothing is missing, then joins the live set', async () => {
    const log = new Log(33);
    const { watcher, group, network, metrics } = watching(log, { from: 12 });
    const done = watcher.follow();
    await settle();
    log.position = 33;
    await done;
    expect(network.told).toEqual(wanted(13, 33));
    expect(group.live).toEqual(new Set([watcher]));
    expect(metrics).toEqual({ deliveries: wanted(13, 33).length, slowConsumers: 0 });
  });

  it('is told nothing twice when an event was under way while it joined', async () => {
    const { watcher, network } = watching(new Log(12));
    await watcher.follow();
    for (const pos of [9, 11, 12, 13, 13, 15]) watcher.deliver(eventAt(pos), new LiveAnswer('', `${pos}`));
    expect(network.told).toEqual([...wanted(1, 12), 13, 15]);
  });

  it('leaves the live set when more than 256 KiB wait, reads the log when they are taken, and comes back', async () => {
    const log = new Log(3);
    const { watcher, group, network, metrics } = watching(log, { from: 3, answerBytes: 100 * KIB });
    await watcher.follow();
    for (let pos = 4; pos <= 6; pos += 1) {
      log.position = pos;
      expect(group.live.has(watcher)).toBe(true);
      watcher.deliver(eventAt(pos), new LiveAnswer('', `${pos}`));
    }
    expect([group.live.size, metrics.slowConsumers, network.unsent]).toEqual([0, 1, 300 * KIB]);
    log.position = 24;
    await settle();
    expect(network.told).toEqual([4, 5, 6]);
    expect(network.waits.map(({ milliseconds }) => milliseconds)).toEqual([30_000]);
    // Taken: three more make it wait again. Never is more held than one answer above the bound.
    await network.end(true, 0);
    expect([network.told, network.unsent]).toEqual([wanted(4, 11), 300 * KIB]);
    while (network.waits.length > 0) await network.end(true, 0);
    expect(network.told).toEqual(wanted(4, 24));
    expect(group.live.has(watcher)).toBe(true);
    expect(metrics).toEqual({ deliveries: wanted(4, 24).length, slowConsumers: 1 });
  });

  it('may be as slow as it will while something is taken, and is given up when nothing is for so long', async () => {
    const { watcher, group, network } = watching(new Log(40), { answerBytes: 100 * KIB });
    void watcher.follow();
    await settle();
    expect(network.told).toEqual([1, 2, 3]);
    for (const unsent of [299, 290, 257]) await network.end(false, unsent * KIB);
    expect([network.givenUp, network.told.length]).toEqual([0, 3]);
    await network.end(false, 257 * KIB);
    expect([network.givenUp, network.waits.length, network.told.length]).toEqual([1, 0, 3]);
    expect([group.live.size, network.failures]).toEqual([0, []]);
    watcher.deliver(eventAt(41), new LiveAnswer('', '41'));
    expect(group.live.size).toBe(0);
  });

  it('is told nothing more when it has ended, wherever it was', async () => {
    const log = new Log(40);
    const { watcher, group, network } = watching(log, { answerBytes: 100 * KIB });
    const done = watcher.follow();
    await settle();
    watcher.end();
    await network.end(true, 0);
    await done;
    expect([network.told, network.givenUp, group.live.size]).toEqual([[1, 2, 3], 0, 0]);
    const { asked } = group;
    expect(asked).toEqual([1, 2, 3]);
  });

  it('asks for no answers any more when it has ended between two of them', async () => {
    const { watcher, group } = watching(new Log(40));
    const answer = group.answer.bind(group);
    group.answer = (event) => {
      if (event.pos === 7) watcher.end();
      return answer(event);
    };
    await watcher.follow();
    expect(group.asked.at(-1)).toBe(7);
    expect(group.live.size).toBe(0);
  });

  it('goes on behind what the group still had to tell when it falls behind', async () => {
    const log = new Log(3);
    const { watcher, network } = watching(log, { from: 3 });
    await watcher.follow();
    log.position = 30;
    watcher.readLogAfter(17);
    await settle();
    expect(network.told).toEqual(wanted(18, 30));
    // Never back behind what it has been told.
    watcher.readLogAfter(5);
    await settle();
    expect(log.reads.at(-1)).toBe(30);
  });

  it('tells how far it has been told everything', async () => {
    const log = new Log(3);
    const { watcher, group, network } = watching(log, { from: 1, answerBytes: 300 * KIB });
    expect(watcher.told).toBe(1);
    const done = watcher.follow();
    await settle();
    // There is no room for the third.
    expect(watcher.told).toBe(2);
    await network.end(true, 0);
    await network.end(true, 0);
    await done;
    expect(watcher.told).toBe(3);
    // Of these nothing is for it: when nothing is on its way, it has missed nothing.
    log.position = 5;
    expect(watcher.told).toBe(5);
    group.isIdle = false;
    expect(watcher.told).toBe(3);
  });

  it('fails once, with what went wrong', async () => {
    const log = new Log(5);
    const { watcher, group, network } = watching(log);
    log.read = () => Promise.reject(new Error('forgotten'));
    await watcher.follow();
    watcher.fail(new Error('again'));
    expect([network.failures, group.live.size]).toEqual([[new Error('forgotten')], 0]);
  });
});
