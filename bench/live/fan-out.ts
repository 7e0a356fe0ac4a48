import { now } from './clock.ts';
import { cpuMeter } from './cpu-meter.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import type { Gate } from './gate.ts';
import { exactGate, judge } from './judgement.ts';
import { writeToOutbox, type OutboxPace } from './outbox-writer.ts';
import type { Scenario, Stage } from './stage.ts';

const AIM = 50_000;
const WARM: OutboxPace = { perSecond: 20, events: 1, transactions: 60 };

/** What it costs to tell a thousand who ask for the same. Events come by the outbox, so that no mutation is paid for. */
export const fanOut: Scenario = {
  name: 'fan-out',
  title: 'deliveries per CPU second of the server, equal documents',
  async run(stage) {
    const transactions = stage.size(40, 5);
    return [
      ...(await measure(stage, 'bursts of 20 events', { perSecond: 3, events: 20, transactions })),
      ...(await measure(stage, 'one by one, 50/s', { perSecond: 50, events: 1, transactions: transactions * 15 })),
    ];
  },
};

async function measure(stage: Stage, name: string, pace: OutboxPace): Promise<Gate[]> {
  const shop = await stage.shop();
  const crowd = stage.crowd();
  const after = await shop.liveCursor();
  await crowd.open({ count: stage.size(1_000, 100), query: PRODUCT_EVENTS, after, urls: shop.urls });
  await writeToOutbox(shop.database, WARM, stage.signal);
  await crowd.caughtUp((await shop.book(stage.signal)).last, 60_000);
  const { deliveries: earlier } = await crowd.progress();
  const [before, use] = [{ at: now(), cpu: shop.cpu() }, cpuMeter(shop, crowd)];
  await writeToOutbox(shop.database, pace, stage.signal);
  const judgement = await judge(stage, { shop, crowd, after });
  stage.note(use());
  const cpu = shop.cpu() - before.cpu;
  const seconds = ((judgement.caughtUpAt ?? now()) - before.at) / 1_000;
  const { deliveries, messageBytes, frameBytes } = judgement.verdict;
  await crowd.close();
  const perCpuSecond = (deliveries - earlier) / cpu;
  return [
    {
      gate: `deliveries per CPU second, ${name}`,
      aim: AIM.toLocaleString('en'),
      figure: `${Math.round(perCpuSecond).toLocaleString('en')}, messages of ${messageBytes} bytes in frames of ${frameBytes}; server CPU ${((cpu / seconds) * 100).toFixed(0)} %`,
      passed: perCpuSecond >= AIM,
    },
    exactGate(`lost / doubled / out of order, ${name}`, judgement),
  ];
}
