import { behind } from './behind.ts';
import { catchUp } from './catch-up.ts';
import { fanOut } from './fan-out.ts';
import { keyed } from './keyed.ts';
import { killDatabase, killLeader, killServer, stopLeader } from './kills.ts';
import { latency } from './latency-runs.ts';
import { leak } from './leak.ts';
import { planted } from './planted.ts';
import { revocation } from './revocation.ts';
import { slowReaders } from './slow-readers.ts';
import { socketMemory } from './socket-memory.ts';
import type { Scenario } from './stage.ts';
import { writeThroughput } from './write-throughput.ts';

/** Every scenario, in the order in which they are played. */
export const SCENARIOS: readonly Scenario[] = [
  planted,
  killServer,
  killDatabase,
  killLeader,
  stopLeader,
  latency,
  fanOut,
  keyed,
  socketMemory,
  writeThroughput,
  catchUp,
  slowReaders,
  behind,
  revocation,
  leak,
];
