import { now } from './clock.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import { exactGate, judge } from './judgement.ts';
import { writeToOutbox } from './outbox-writer.ts';
import type { Scenario } from './stage.ts';

const AIM_SECONDS = 8;
const MISSED = { perSecond: 100, events: 10, transactions: 20 };

/**
 * How soon everybody is up to date behind a kill. What is missed meanwhile, 200 events, comes by the outbox. Clients hear of the
 * new server when it says that it is ready, and come within 200 ms each, at most 200 of them shaking hands at a time.
 */
export const catchUp: Scenario = {
  name: 'catch-up',
  title: 'all caught up after a kill',
  async run(stage) {
    const shop = await stage.shop();
    const crowd = stage.crowd();
    const after = await shop.liveCursor();
    const count = stage.size(2_000, 200);
    await crowd.open({ count, query: PRODUCT_EVENTS, after, urls: shop.urls });
    await writeToOutbox(shop.database, { perSecond: 10, events: 1, transactions: 30 }, stage.signal);
    await crowd.caughtUp((await shop.book(stage.signal)).last, 30_000);
    await crowd.servers([]);
    await shop.server.kill();
    await writeToOutbox(shop.database, MISSED, stage.signal);
    await shop.server.start(stage.signal);
    const readyAt = now();
    await crowd.servers(shop.urls);
    const judgement = await judge(stage, { shop, crowd, after });
    const seconds = ((judgement.caughtUpAt ?? Infinity) - readyAt) / 1_000;
    return [
      {
        gate: `${count.toLocaleString('en')} clients caught up after a kill, from ready`,
        aim: `${AIM_SECONDS} s`,
        figure: `${seconds.toFixed(1)} s, ${MISSED.events * MISSED.transactions} events missed by each`,
        passed: seconds <= AIM_SECONDS,
      },
      exactGate('lost / doubled / out of order, the same', judgement),
    ];
  },
};
