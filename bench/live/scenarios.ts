import { killDatabase, killLeader, killServer, stopLeader } from './kills.ts';
import { planted } from './planted.ts';
import type { Scenario } from './stage.ts';

/** Every scenario, in the order in which they are played. */
export const SCENARIOS: readonly Scenario[] = [planted, killServer, killDatabase, killLeader, stopLeader];
