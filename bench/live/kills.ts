import type { ServerProcess } from '../../src/scratch/server-process.js';
import { now } from './clock.ts';
import type { Crowd } from './crowd.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import type { Gate } from './gate.ts';
import { exactGate, judge } from './judgement.ts';
import { inABatch, leaderOf, takeover } from './leader.ts';
import type { LiveShop } from './live-shop.ts';
import type { Scenario, Stage } from './stage.ts';
import type { Writer } from './writer.ts';

const CUT_EVERY_MS = 2_000;
const CUT_SHARE = 0.05;
const CALM_MS = 5_000;
const STOPPED_MS = 5_000;
const TAKEOVER_MS = 2_000;

interface Fire {
  stage: Stage;
  shop: LiveShop;
  crowd: Crowd;
  /** How many strikes there were before. */
  strikes: number;
}

/** Answers after how many milliseconds another server had the lead; `null` where there is no other. */
type Strike = (fire: Fire) => Promise<number | null>;

interface Ordeal {
  name: string;
  title: string;
  servers: number;
  /**
   * Percent of the changes that were due, sent or not, which must be acknowledged: what is gated besides has then been
   * under load. Lower where no server runs for a while, or the half of them that asks the stopped one holds its products up.
   */
  leastShare: number;
  strike: Strike;
}

/** The only server, with SIGKILL. */
export const killServer = underFire({
  name: 'kill-server',
  title: 'kill -9 of the server',
  servers: 1,
  leastShare: 65,
  async strike(fire) {
    await killed(fire, fire.shop.server, () => Promise.resolve());
    return null;
  },
});

/** The only server and the postmaster at once, with SIGKILL. */
export const killDatabase = underFire({
  name: 'kill-database',
  title: 'kill -9 of server and database',
  servers: 1,
  leastShare: 65,
  async strike(fire) {
    await killed(fire, fire.shop.server, () => fire.shop.scratch.scratch.kill(fire.stage.signal));
    return null;
  },
});

/** Of two servers the one that is the sequencer, with SIGKILL. It comes back when the other one leads, or should have done. */
export const killLeader = underFire({
  name: 'kill-leader',
  title: 'two servers, kill -9 of the sequencer',
  servers: 2,
  leastShare: 90,
  async strike(fire) {
    const leader = await leaderOf(fire.shop, fire.stage);
    const struck = { pid: pidOf(leader), at: now(), waitMs: TAKEOVER_MS };
    let tookMs = Infinity;
    await killed(fire, leader, async () => {
      tookMs = await takeover(fire.shop, fire.stage, struck);
    });
    return tookMs;
  },
});

/** Of two servers the one that is the sequencer does nothing for 5 s, and does not know it: the first time amid a large batch. */
export const stopLeader = underFire({
  name: 'stop-leader',
  title: 'two servers, the sequencer stands still for 5 s',
  servers: 2,
  leastShare: 75,
  async strike({ stage, shop, strikes }) {
    const pid = pidOf(await leaderOf(shop, stage));
    if (strikes === 0) await inABatch(shop, pid);
    process.kill(pid, 'SIGSTOP');
    const at = now();
    try {
      const tookMs = await takeover(shop, stage, { pid, at, waitMs: STOPPED_MS });
      await stage.pause(Math.max(0, at + STOPPED_MS - now()));
      return tookMs;
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  },
});

/** Subscribers of everything, changes over GraphQL, sockets that are cut all the time, and some strikes. */
function underFire({ name, title, servers, leastShare, strike }: Ordeal): Scenario {
  return {
    name,
    title,
    async run(stage) {
      const shop = await stage.shop({ servers });
      const crowd = stage.crowd();
      const writer = stage.writer(shop);
      const after = await shop.liveCursor();
      await crowd.open({ count: stage.size(1_000, 60), query: PRODUCT_EVENTS, after, urls: shop.urls });
      const times = stage.size(3, 1);
      const takeovers: number[] = [];
      writer.start(stage.size(50, 20));
      const cutting = setInterval(() => void crowd.cut(CUT_SHARE).catch(() => undefined), CUT_EVERY_MS);
      try {
        await stage.pause(CALM_MS);
        for (let strikes = 0; strikes < times; strikes += 1) {
          const tookMs = await strike({ stage, shop, crowd, strikes });
          if (tookMs !== null) takeovers.push(tookMs);
          await stage.pause(CALM_MS);
        }
      } finally {
        clearInterval(cutting);
      }
      await writer.stop();
      const judgement = await judge(stage, { shop, crowd, after, written: writer.written });
      return [
        exactGate(`lost / doubled / out of order: ${title}, ${times} times`, judgement),
        shareGate(`changes acknowledged: ${title}`, leastShare, writer),
        ...(servers > 1 ? [takeoverGate(`strike -> another sequencer: ${title}`, takeovers, times)] : []),
      ];
    },
  };
}

function shareGate(gate: string, leastShare: number, { written, skipped }: Writer): Gate {
  const acknowledged = written.filter((change) => change.acknowledged).length;
  const due = written.length + skipped;
  const share = (acknowledged / due || 0) * 100;
  return {
    gate,
    aim: `${leastShare} %`,
    figure: `${share.toFixed(0)} %: ${acknowledged} of ${due} that were due, ${skipped} of them not sent`,
    passed: share >= leastShare,
  };
}

function takeoverGate(gate: string, takeovers: readonly number[], times: number): Gate {
  const inWords = takeovers.map((tookMs) => (Number.isFinite(tookMs) ? `${(tookMs / 1_000).toFixed(2)} s` : 'none'));
  return {
    gate,
    aim: `${TAKEOVER_MS / 1_000} s`,
    figure: inWords.join(', '),
    passed: takeovers.length === times && takeovers.every((tookMs) => tookMs <= TAKEOVER_MS),
  };
}

function pidOf({ pid }: ServerProcess): number {
  if (pid === null) throw new Error('The sequencer has just ended.');
  return pid;
}

/** Kills a server, and perhaps something else at the same time, and starts it again. */
async function killed({ stage, shop, crowd }: Fire, server: ServerProcess, also: () => Promise<void>): Promise<void> {
  const gone = server.kill();
  await crowd.servers(shop.urls);
  await Promise.all([gone, also()]);
  await server.start(stage.signal);
  await crowd.servers(shop.urls);
}
