import { cpuMeter } from './cpu-meter.ts';
import type { Crowd } from './crowd.ts';
import { PRODUCT_EVENTS_WITH_PICTURES } from './documents.ts';
import { told } from './gate.ts';
import { exactGate, isExact, judge, type Judgement } from './judgement.ts';
import { medianOf, spreadText, type Spread } from './latency.ts';
import type { LiveShop } from './live-shop.ts';
import { kilobytes, memoryOf, megabytes, PROBED } from './memory.ts';
import type { Scenario, Stage } from './stage.ts';

/** So many that the server has half of its core left: near its limits every wait is only that of a queue. */
const SUBSCRIBERS = 100;
const SLOW_SHARE = 0.1;
const AIM_BYTES = 512 * 1_024;
const AIM_P99 = 1.2;
/** The kernel takes about 4 MB for a socket before the server notices anything; in 10 s there are 5 MB for each. */
const PICTURES = 50;
const PER_SECOND = 26;
const SECONDS = 10;

interface Measured {
  judgement: Judgement;
  /** Bytes that wait in the fullest socket while some do not read. */
  unsent: number;
  /** Bytes of objects and buffers that the server has more then than before, its ring of events included. */
  grown: number;
}

/**
 * What those cost who do not read: each event is of 20 KB, so that 10 s of them are more than the kernel takes. Measured by
 * turns with everybody reading. What is held is looked up in the server's sockets, while the slow ones still sleep.
 */
export const slowReaders: Scenario = {
  name: 'slow',
  title: 'some subscribers stop reading',
  async run(stage) {
    const shop = await stage.shop({ settings: PROBED, pictures: PICTURES });
    await measure(stage, shop, 0);
    const [calm, slow]: [Measured[], Measured[]] = [[], []];
    for (let round = 0; round < stage.size(3, 1); round += 1) {
      calm.push(await measure(stage, shop, 0));
      slow.push(await measure(stage, shop, SLOW_SHARE));
    }
    const unsent = Math.max(...slow.map((measured) => measured.unsent));
    const grown = (all: readonly Measured[]): string => megabytes(medianOf(all.map((measured) => measured.grown)));
    const growth = (p99Of(slow) / p99Of(calm) || 0) * 100 - 100;
    return [
      {
        gate: `held for each of ${SUBSCRIBERS * SLOW_SHARE} who do not read`,
        aim: '512 KB',
        figure: `${kilobytes(unsent)} at most; in all the server has grown by ${grown(slow)}, by ${grown(calm)} when all read`,
        // Nothing at all would mean that the kernel has taken everything, and nothing was measured.
        passed: slow.every((measured) => measured.unsent > 0) && unsent <= AIM_BYTES,
      },
      {
        gate: `p99 of the others, against the same with all reading, medians of ${slow.length} rounds`,
        aim: '+20 %',
        figure: `${growth.toFixed(0)} % (${p99Of(slow).toFixed(1)} of ${p99Of(calm).toFixed(1)} ms)`,
        passed:
          [...calm, ...slow].every((measured) => sent(measured).count > 0) && p99Of(slow) <= p99Of(calm) * AIM_P99,
      },
      told('send -> receive, all read', calm.map((measured) => spreadText(sent(measured))).join('; ')),
      told('send -> receive of the others', slow.map((measured) => spreadText(sent(measured))).join('; ')),
      exactGate('lost / doubled / out of order, once all read again', worstOf(slow)),
    ];
  },
};

function sent({ judgement }: Measured): Spread {
  return judgement.verdict.sinceSent;
}

function p99Of(all: readonly Measured[]): number {
  return medianOf(all.map((measured) => sent(measured).p99));
}

/** The first that is not exact, or the last. */
function worstOf(all: readonly Measured[]): Judgement {
  const judgements = all.map(({ judgement }) => judgement);
  return judgements.find((judgement) => !isExact(judgement)) ?? (judgements.at(-1) as Judgement);
}

async function measure(stage: Stage, shop: LiveShop, share: number): Promise<Measured> {
  const crowd = stage.crowd();
  const writer = stage.writer(shop);
  const after = await shop.liveCursor();
  await crowd.open({ count: SUBSCRIBERS, query: PRODUCT_EVENTS_WITH_PICTURES, after, urls: shop.urls });
  await writer.run(PER_SECOND, stage.size(3, 1));
  const before = await memoryOf(stage, shop);
  await crowd.stall(share);
  const cpu = cpuMeter(shop, crowd);
  const measured = await writer.run(PER_SECOND, SECONDS);
  stage.note(cpu());
  await othersCaughtUp(stage, shop, crowd, share);
  const { used, unsent } = await memoryOf(stage, shop);
  await crowd.unstall();
  const judgement = await judge(stage, { shop, crowd, after, measured });
  await crowd.close();
  return { judgement, unsent, grown: used - before.used };
}

async function othersCaughtUp(stage: Stage, shop: LiveShop, crowd: Crowd, share: number): Promise<void> {
  const { last } = await shop.book(stage.signal);
  if ((await crowd.caughtUp(last, 20_000, SUBSCRIBERS * (1 - share))) === null) {
    stage.note('Those who read have not caught up within 20 s.');
  }
}
