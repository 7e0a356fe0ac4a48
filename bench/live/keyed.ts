import { now } from './clock.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import { told } from './gate.ts';
import { exactGate, judge } from './judgement.ts';
import { spreadText } from './latency.ts';
import { writeToOutbox } from './outbox-writer.ts';
import type { Scenario } from './stage.ts';

const AIM_SHARE = 15;
const PER_SECOND = 20;
const WARM_SECONDS = 4;

/**
 * What those cost whom an event does not concern: each of many watches one product. The gate counts all that the server does, with
 * the mutations; a second figure is of events that come by the outbox.
 */
export const keyed: Scenario = {
  name: 'keyed',
  title: 'subscribers of one product each',
  async run(stage) {
    const shop = await stage.shop({ products: 100 });
    const crowd = stage.crowd();
    const writer = stage.writer(shop);
    const after = await shop.liveCursor();
    const count = stage.size(2_000, 200);
    const seconds = stage.size(20, 4);
    await crowd.open({ count, query: PRODUCT_EVENTS, products: shop.products, after, urls: shop.urls });
    const share = async (work: () => Promise<void>): Promise<number> => {
      const before = { at: now(), cpu: shop.cpu() };
      await work();
      return ((shop.cpu() - before.cpu) / (now() - before.at)) * 100_000;
    };
    await writer.run(PER_SECOND, WARM_SECONDS);
    const warm = writer.written.length;
    const withMutations = await share(async () => void (await writer.run(PER_SECOND, seconds)));
    const measured = writer.written.slice(warm);
    const judgement = await judge(stage, { shop, crowd, after, written: writer.written, measured });
    const pace = { perSecond: PER_SECOND, events: 1, transactions: PER_SECOND * seconds };
    const byOutbox = await share(() => writeToOutbox(shop.database, pace, stage.signal));
    const idle = await share(() => stage.pause(5_000));
    const name = `${count} subscribers of one of 100 products each, ${PER_SECOND} changes/s`;
    return [
      {
        gate: `server CPU, ${name}`,
        aim: `${AIM_SHARE} %`,
        figure: `${withMutations.toFixed(1)} % with the mutations`,
        passed: withMutations <= AIM_SHARE,
      },
      told('server CPU, the same by the outbox', `${byOutbox.toFixed(1)} %; ${idle.toFixed(1)} % when nothing happens`),
      told('send -> receive, the same', spreadText(judgement.verdict.sinceSent)),
      exactGate('lost / doubled / out of order, the same', judgement),
    ];
  },
};
