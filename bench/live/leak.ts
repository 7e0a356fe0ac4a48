import { PRODUCT_EVENTS } from './documents.ts';
import { openSocketsOf } from '../usage.ts';
import type { LiveShop } from './live-shop.ts';
import { megabytes, memoryOf, PROBED, type Memory } from './memory.ts';
import type { Scenario, Stage } from './stage.ts';

/** Rounds until the program has made what it keeps for good. */
const WARM_ROUNDS = 5;
const AIM_BYTES = 2 * 1_024 * 1_024;
const GONE_MS = 10_000;
/** As many different documents, so that groups come and go too. */
const DOCUMENTS = 100;
/** A pool of connections and what is kept alive for the next request have some that come and go. */
const AIM_TIMERS = 20;

/** Subscribers of different documents come, are told something and go, by turns in three ways. What is left behind? */
export const leak: Scenario = {
  name: 'leak',
  title: 'subscribers who come and go',
  async run(stage) {
    const shop = await stage.shop({ settings: PROBED });
    const writer = stage.writer(shop);
    const count = stage.size(500, 50);
    const rounds = stage.size(20, 3) + WARM_ROUNDS;
    const idle = await memoryOf(stage, shop);
    let [warm, told] = [idle, 0];
    for (let round = 0; round < rounds; round += 1) {
      if (round === WARM_ROUNDS) warm = await memoryOf(stage, shop);
      const crowd = stage.crowd();
      const opening = { count, query: PRODUCT_EVENTS, documents: DOCUMENTS, urls: shop.urls };
      await crowd.open({ ...opening, after: await shop.liveCursor() });
      await writer.run(5, 0.5);
      if ((await crowd.caughtUp((await shop.book(stage.signal)).last, 20_000)) !== null) told += count;
      await crowd.leave('complete', 'close', 'cut');
      await allGone(stage, shop, idle);
      await crowd.close();
    }
    const end = await memoryOf(stage, shop);
    const grown = end.used - warm.used;
    const came = `${rounds - WARM_ROUNDS} rounds of ${count} subscribers with ${DOCUMENTS} documents`;
    return [
      {
        gate: `left behind by ${came}: sockets`,
        aim: '0',
        figure: `${end.sockets - warm.sockets}, all told: ${told === rounds * count ? 'yes' : 'no'}`,
        passed: end.sockets <= warm.sockets && told === rounds * count,
      },
      {
        gate: `left behind by ${came}: timers`,
        aim: `${AIM_TIMERS}`,
        figure: `${end.timers - warm.timers} (${warm.timers} -> ${end.timers})`,
        passed: end.timers - warm.timers <= AIM_TIMERS,
      },
      {
        gate: `left behind by ${came}: objects and buffers`,
        aim: megabytes(AIM_BYTES),
        figure: `${megabytes(grown)} (${megabytes(warm.used)} -> ${megabytes(end.used)}), in RAM ${megabytes(warm.resident)} -> ${megabytes(end.resident)}`,
        passed: grown <= AIM_BYTES,
      },
    ];
  },
};

/** Waits until the server has no more sockets than before, but not for ever: what is left is a finding. */
async function allGone(stage: Stage, shop: LiveShop, before: Memory): Promise<void> {
  for (const deadline = performance.now() + GONE_MS; performance.now() < deadline; await stage.pause(100)) {
    if (openSocketsOf(shop.server.pid ?? 0) <= before.sockets + shop.scratch.config.databasePoolSize) return;
  }
}
