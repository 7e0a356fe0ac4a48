import { PRODUCT_EVENTS } from './documents.ts';
import type { Gate } from './gate.ts';
import { isExact, judge, type Judgement } from './judgement.ts';
import type { LiveShop } from './live-shop.ts';
import type { Scenario, Stage } from './stage.ts';
import type { Fault } from './tampering.ts';

const SUBSCRIBERS = 20;
const CHANGES_PER_SECOND = 10;
const SECONDS = 2;

/** What the judgement must say of each fault, and of none. */
const MUST_SAY: [fault: Fault | null, counts: string][] = [
  [null, '0 / 0 / 0'],
  ['drop', '1 / 0 / 0'],
  ['double', '0 / 1 / 0'],
  ['swap', '0 / 0 / 1'],
];

/** A checker that finds nothing proves nothing: one delivery is dropped, one doubled, two change places. */
export const planted: Scenario = {
  name: 'planted',
  title: 'faults planted between the wire and the checker',
  async run(stage): Promise<Gate[]> {
    const shop = await stage.shop({ products: 5 });
    const said: string[] = [];
    let right = 0;
    for (const [fault, counts] of MUST_SAY) {
      const judgement = await listen(stage, shop, fault);
      const { lost, doubled, outOfOrder } = judgement.verdict;
      const found = `${lost} / ${doubled} / ${outOfOrder}`;
      said.push(`${fault ?? 'none'} ${found}`);
      if (found === counts && isExact(judgement) === (fault === null)) right += 1;
    }
    const aim = MUST_SAY.map(([fault, counts]) => `${fault ?? 'none'} ${counts}`).join(', ');
    return [{ gate: 'planted faults found', aim, figure: said.join(', '), passed: right === MUST_SAY.length }];
  },
};

async function listen(stage: Stage, shop: LiveShop, fault: Fault | null): Promise<Judgement> {
  const crowd = stage.crowd();
  const writer = stage.writer(shop);
  const after = await shop.liveCursor();
  await crowd.open({ count: SUBSCRIBERS, query: PRODUCT_EVENTS, after, urls: shop.urls, fault });
  const written = await writer.run(CHANGES_PER_SECOND, SECONDS);
  // Each writer counts its changes anew, so the log cannot be held against this one alone.
  const judgement = await judge(stage, { shop, crowd, after, measured: written });
  await crowd.close();
  return judgement;
}
