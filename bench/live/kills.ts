import type { ServerProcess } from '../../src/scratch/server-process.js';
import type { Crowd } from './crowd.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import { exactGate, judge } from './judgement.ts';
import { leaderOf } from './leader.ts';
import type { LiveShop } from './live-shop.ts';
import type { Scenario, Stage } from './stage.ts';

const CUT_EVERY_MS = 2_000;
const CUT_SHARE = 0.05;
const CALM_MS = 5_000;
const STOPPED_MS = 5_000;

interface Fire {
  stage: Stage;
  shop: LiveShop;
  crowd: Crowd;
}

type Strike = (fire: Fire) => Promise<void>;

/** The only server, with SIGKILL. */
export const killServer = underFire('kill-server', 'kill -9 of the server', 1, async (fire) => {
  await killed(fire, fire.shop.server, () => Promise.resolve());
});

/** The only server and the postmaster at once, with SIGKILL. */
export const killDatabase = underFire('kill-database', 'kill -9 of server and database', 1, async (fire) => {
  await killed(fire, fire.shop.server, () => fire.shop.scratch.scratch.kill(fire.stage.signal));
});

/** Of two servers the one that is the sequencer, with SIGKILL. */
export const killLeader = underFire('kill-leader', 'two servers, kill -9 of the sequencer', 2, async (fire) => {
  await killed(fire, await leaderOf(fire.shop, fire.stage), () => Promise.resolve());
});

/** Of two servers the one that is the sequencer does nothing for 5 s, and does not know it. */
export const stopLeader = underFire(
  'stop-leader',
  'two servers, the sequencer stands still for 5 s',
  2,
  async (fire) => {
    const { pid } = await leaderOf(fire.shop, fire.stage);
    if (pid === null) throw new Error('The sequencer has just ended.');
    process.kill(pid, 'SIGSTOP');
    await fire.stage.pause(STOPPED_MS).finally(() => process.kill(pid, 'SIGCONT'));
  },
);

/** Subscribers of everything, changes over GraphQL, sockets that are cut all the time, and some strikes. */
function underFire(name: string, title: string, servers: number, strike: Strike): Scenario {
  return {
    name,
    title,
    async run(stage) {
      const shop = await stage.shop({ servers });
      const crowd = stage.crowd();
      const writer = stage.writer(shop);
      const after = await shop.liveCursor();
      await crowd.open({ count: stage.size(1_000, 60), query: PRODUCT_EVENTS, after, urls: shop.urls });
      const strikes = stage.size(3, 1);
      writer.start(stage.size(50, 20));
      const cutting = setInterval(() => void crowd.cut(CUT_SHARE).catch(() => undefined), CUT_EVERY_MS);
      try {
        await stage.pause(CALM_MS);
        for (let count = 0; count < strikes; count += 1) {
          await strike({ stage, shop, crowd });
          await stage.pause(CALM_MS);
        }
      } finally {
        clearInterval(cutting);
      }
      await writer.stop();
      const judgement = await judge(stage, { shop, crowd, after, written: writer.written });
      const acknowledged = writer.written.filter((change) => change.acknowledged).length;
      stage.note(`${writer.skipped} changes were not sent: no server ran, or all products were being changed`);
      const exact = exactGate(`lost / doubled / out of order: ${title}, ${strikes} times`, judgement);
      return [
        { ...exact, figure: `${exact.figure}, ${acknowledged} of ${writer.written.length} changes acknowledged` },
      ];
    },
  };
}

/** Kills a server, and perhaps something else at the same time, and starts it again. */
async function killed({ stage, shop, crowd }: Fire, server: ServerProcess, also: () => Promise<void>): Promise<void> {
  const gone = server.kill();
  await crowd.servers(shop.urls);
  await Promise.all([gone, also()]);
  await server.start(stage.signal);
  await crowd.servers(shop.urls);
}
