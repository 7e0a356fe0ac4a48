import { now } from './clock.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import { told } from './gate.ts';
import type { Book, LiveShop } from './live-shop.ts';
import { kilobytes, megabytes, memoryOf, PROBED } from './memory.ts';
import { writeToOutbox } from './outbox-writer.ts';
import { PlainSocket } from './plain-socket.ts';
import { residentBytesOf } from '../usage.ts';
import type { Scenario, Stage } from './stage.ts';

const AIM_BYTES = 512 * 1_024;
const SOCKETS = 4;
const WATCHERS_EACH = 50;
/** The ring holds up to 10,000 events: whoever is so far behind reads the table. */
const BEHIND = 15_000;
const TRANSACTION = 500;
/** No two watchers stand at the same event, as after losses at different times. */
const APART = 40;
/** Well below what a socket may stand still. */
const STALLING_MS = 15_000;
const POLL_MS = 250;
const QUIET_CPU_SECONDS = 0.02;
const QUIET_POLLS = 6;
const SETTINGS = { ...PROBED, SUBSCRIPTIONS_PER_SOCKET: '100', SOCKET_MESSAGES_PER_SECOND: '100' };

/**
 * What those cost who have come back far behind the events in memory, and do not read: each has a place of its own in the table.
 * Somebody who reads everything comes before them, so that the answers which the server keeps for all are there already.
 */
export const behind: Scenario = {
  name: 'behind',
  title: 'watchers far behind who do not read',
  async run(stage) {
    const shop = await stage.shop({ settings: SETTINGS, pictures: 2 });
    const after = await shop.liveCursor();
    const watchers = SOCKETS * WATCHERS_EACH;
    const transactions = Math.ceil((BEHIND + watchers * APART) / TRANSACTION);
    await writeToOutbox(shop.database, { perSecond: 20, events: TRANSACTION, transactions }, stage.signal);
    const book = await shop.book(stage.signal);
    const crowd = stage.crowd();
    await crowd.open({ count: 1, query: PRODUCT_EVENTS, after, urls: shop.urls });
    if ((await crowd.caughtUp(book.last, 60_000)) === null) throw new Error('Who reads has not caught up.');
    const before = await memoryOf(stage, shop);
    const sockets = await stalled(shop, book);
    const peak = await quiet(stage, shop);
    const { used, unsent } = await memoryOf(stage, shop);
    const open = sockets.filter(({ end }) => end === null).length;
    for (const socket of sockets) socket.cut();
    const each = (used - before.used) / watchers;
    return [
      {
        gate: `held for each of ${watchers} watchers ${BEHIND.toLocaleString('en')} events behind on ${SOCKETS} sockets that are not read`,
        aim: '512 KB',
        figure: `${kilobytes(each)} of objects and buffers, ${kilobytes(unsent)} at most in a socket`,
        // Whoever was let go, or has everything in the kernel's buffers, costs nothing.
        passed: each <= AIM_BYTES && unsent > 0 && open === SOCKETS,
      },
      told('the same: the server in RAM', `${megabytes(before.resident)} before, ${megabytes(peak)} at most`),
      told('the same: size of an event', `${kilobytes(await eventBytes(shop))} in the log`),
    ];
  },
};

/** Sockets that have asked for everything behind places of the log, and read no more as soon as all of it has begun. */
async function stalled({ server }: LiveShop, { events }: Book): Promise<PlainSocket[]> {
  const sockets = await Promise.all(Array.from({ length: SOCKETS }, () => PlainSocket.open(server.url ?? '')));
  const first = events.length - BEHIND - SOCKETS * WATCHERS_EACH * APART;
  for (const [index, socket] of sockets.entries()) {
    for (let n = 0; n < WATCHERS_EACH; n += 1) {
      const place = Math.max(first, 0) + (index * WATCHERS_EACH + n) * APART;
      socket.subscribe(String(n), PRODUCT_EVENTS, { after: events[place]?.cursor });
    }
    await socket.begun();
    socket.stall();
  }
  return sockets;
}

/** Waits until the server does nothing any more. Answers the most that it had in RAM, in bytes. */
async function quiet(stage: Stage, shop: LiveShop): Promise<number> {
  let [most, still] = [0, 0];
  for (const deadline = now() + STALLING_MS; still < QUIET_POLLS;) {
    const before = shop.cpu();
    await stage.pause(POLL_MS);
    most = Math.max(most, residentBytesOf(shop.server.pid ?? 0));
    still = shop.cpu() - before <= QUIET_CPU_SECONDS ? still + 1 : 0;
    if (now() > deadline) throw new Error('The server goes on working for who does not read.');
  }
  return most;
}

async function eventBytes({ database }: LiveShop): Promise<number> {
  const sql = 'SELECT avg(octet_length(payload::text))::float AS bytes FROM event_log';
  const [row] = await database.query<{ bytes: number }>('bench.eventBytes', sql);
  return row?.bytes ?? 0;
}
