import { cpuMeter } from './cpu-meter.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import type { Gate } from './gate.ts';
import { told } from './gate.ts';
import { exactGate, judge } from './judgement.ts';
import { spreadText } from './latency.ts';
import type { Scenario, Stage } from './stage.ts';

const WARM_SECONDS = 4;

interface Aim {
  subscribers: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** How long a change is on its way from who makes it to who watches, each of whom watches everything. */
export const latency: Scenario = {
  name: 'latency',
  title: 'from sending a change to receiving its event',
  async run(stage) {
    const seconds = stage.size(20, 4);
    return [
      ...(await measure(stage, seconds, { subscribers: stage.size(500, 50), perSecond: 20, p50: 15, p99: 60 })),
      ...(await measure(stage, seconds, { subscribers: stage.size(2_000, 200), perSecond: 10, p50: 40, p99: 150 })),
    ];
  },
};

async function measure(stage: Stage, seconds: number, { subscribers, perSecond, p50, p99 }: Aim): Promise<Gate[]> {
  const shop = await stage.shop();
  const crowd = stage.crowd();
  const writer = stage.writer(shop);
  const after = await shop.liveCursor();
  await crowd.open({ count: subscribers, query: PRODUCT_EVENTS, after, urls: shop.urls });
  await writer.run(perSecond, WARM_SECONDS);
  const cpu = cpuMeter(shop, crowd);
  const measured = await writer.run(perSecond, seconds);
  stage.note(cpu());
  const judgement = await judge(stage, { shop, crowd, after, written: writer.written, measured });
  const { sinceSent, sinceAnswer } = judgement.verdict;
  const name = `${subscribers} subscribers, ${perSecond} changes/s`;
  await crowd.close();
  return [
    {
      gate: `send -> receive, ${name}`,
      aim: `p50 ${p50}, p99 ${p99} ms`,
      figure: spreadText(sinceSent),
      passed: sinceSent.count > 0 && sinceSent.p50 <= p50 && sinceSent.p99 <= p99,
    },
    told(`answer -> receive, ${name}`, spreadText(sinceAnswer)),
    exactGate(`lost / doubled / out of order, ${name}`, judgement),
  ];
}
