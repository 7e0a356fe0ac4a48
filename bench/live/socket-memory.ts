import { PRODUCT_EVENTS } from './documents.ts';
import { told } from './gate.ts';
import { exactGate, judge } from './judgement.ts';
import { kilobytes, memoryOf, PROBED, settledResident } from './memory.ts';
import type { Scenario } from './stage.ts';

const AIM = 24 * 1_024;
const WARM_SUBSCRIBERS = 100;

/** What a socket with one subscription takes when there are many. Memory of the kernel for its buffers is not counted. */
export const socketMemory: Scenario = {
  name: 'memory',
  title: 'memory per socket',
  async run(stage) {
    const shop = await stage.shop({ settings: PROBED });
    const writer = stage.writer(shop);
    const first = stage.crowd();
    const opening = { query: PRODUCT_EVENTS, urls: shop.urls };
    await first.open({ ...opening, count: WARM_SUBSCRIBERS, after: await shop.liveCursor() });
    await writer.run(10, 2);
    await first.close();
    const before = await memoryOf(stage, shop);
    before.resident = await settledResident(stage, shop);
    const count = stage.size(10_000, 500);
    const crowd = stage.crowd();
    const after = await shop.liveCursor();
    await crowd.open({ ...opening, count, after });
    // Everybody has been told something: what a socket needs for that is counted too.
    await writer.run(2, 2);
    const judgement = await judge(stage, { shop, crowd, after, written: writer.written });
    const resident = await settledResident(stage, shop);
    const collected = await memoryOf(stage, shop);
    const each = (resident - before.resident) / count;
    const used = (collected.used - before.used) / count;
    const left = (collected.resident - before.resident) / count;
    return [
      {
        gate: `memory per socket at ${count.toLocaleString('en')} sockets`,
        aim: '24 KB',
        figure: `${kilobytes(each)} in RAM`,
        passed: each <= AIM,
      },
      told(
        'the same after garbage was collected',
        `${kilobytes(left)} in RAM, ${kilobytes(used)} of objects and buffers`,
      ),
      exactGate(`lost / doubled / out of order at ${count.toLocaleString('en')} sockets`, judgement),
    ];
  },
};
