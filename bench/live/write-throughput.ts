import { PRODUCT_EVENTS } from './documents.ts';
import { told } from './gate.ts';
import { medianOf } from './latency.ts';
import type { LiveShop } from './live-shop.ts';
import type { Edit } from '../program-copy.ts';
import type { Scenario, Stage } from './stage.ts';

const AIM_SHARE = 85;
const CLIENTS = 16;
const WATCHERS = 100;

/** Changes are made and told to nobody: no outbox row, and no wake-up of the sequencer behind the commit. */
const NOTHING_TOLD: Edit = {
  file: 'events/events.service.js',
  text: 'if (events.length === 0) return;',
  instead: 'return;',
};

/** One of the shops that are compared, and how it went. */
interface Side {
  name: string;
  shop: LiveShop;
  /** How many watch everything, and how many watch one product each. */
  watchers: 'none' | 'everything' | 'one product each';
  rates: number[];
}

/**
 * What live costs those who write: 16 connections that change products as fast as they are answered, with events that are appended,
 * sequenced and delivered, against a program without them. All sides take turns, so that a slow moment of the machine hits all.
 */
export const writeThroughput: Scenario = {
  name: 'writes',
  title: 'changes per second with live on and off',
  async run(stage) {
    const on = await stage.shop();
    const off = await stage.changedShop([NOTHING_TOLD]);
    const sides: Side[] = [
      { name: 'off', shop: off, watchers: 'none', rates: [] },
      { name: 'nobody watches', shop: on, watchers: 'none', rates: [] },
      { name: '100 watch one product each', shop: on, watchers: 'one product each', rates: [] },
      { name: '100 watch everything', shop: on, watchers: 'everything', rates: [] },
    ];
    for (const { shop } of [sides[0], sides[1]] as Side[]) await stage.writer(shop).rush(CLIENTS, stage.size(8, 2));
    const rounds = stage.size(4, 1);
    for (let round = 0; round < rounds; round += 1) {
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) await measure(stage, side);
    }
    const still = sides.find(({ rates }) => rates.some((rate) => rate === 0));
    // Against nothing everything is infinitely much.
    if (still) throw new Error(`No change was made in a round of: ${still.name}.`);
    const off16 = medianOf((sides[0] as Side).rates);
    const share = (side: Side | undefined): number => (side ? (medianOf(side.rates) / off16) * 100 : 0);
    const text = (side: Side | undefined): string =>
      `${share(side).toFixed(0)} % (${side ? medianOf(side.rates).toFixed(0) : ''} of ${off16.toFixed(0)} changes/s)`;
    const [, nobody, keyed, everything] = sides;
    return [
      {
        gate: `write throughput with live on against off, ${CLIENTS} connections, ${keyed?.name}`,
        aim: `${AIM_SHARE} %`,
        figure: text(keyed),
        passed: share(keyed) >= AIM_SHARE,
      },
      told(`the same, ${nobody?.name}`, text(nobody)),
      told(`the same, ${everything?.name}: 100 deliveries for each change, paid by the same core`, text(everything)),
    ];
  },
};

async function measure(stage: Stage, side: Side): Promise<void> {
  const { shop, watchers, rates } = side;
  const crowd = stage.crowd();
  if (watchers !== 'none') {
    const products = watchers === 'everything' ? [] : shop.products;
    const after = await shop.liveCursor();
    await crowd.open({ count: WATCHERS, query: PRODUCT_EVENTS, products, after, urls: shop.urls });
  }
  const seconds = stage.size(6, 2);
  const before = { server: shop.cpu(), database: shop.databaseCpu() };
  const rate = await stage.writer(shop).rush(CLIENTS, seconds);
  const cpu = (used: number): string => `${((used / seconds / rate) * 1_000).toFixed(2)} ms`;
  rates.push(rate);
  stage.note(
    `${side.name}: ${rate.toFixed(0)} changes/s; CPU for one: server ${cpu(shop.cpu() - before.server)}, PostgreSQL ${cpu(shop.databaseCpu() - before.database)}`,
  );
  await crowd.close();
}
