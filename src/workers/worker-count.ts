import { availableParallelism } from 'node:os';
import type { Config } from '../config/config.js';

/** Of each process beside its pool: the sequencer's session, the one that hears of events, and the one of kept answers. */
const OWN = 3;
/** For whoever looks into the database, and for imports beside the server. */
const SPARE = 8;

type Sizes = Pick<Config, 'workers' | 'databasePoolSize'>;

/** How many processes shall serve: as many as cores for `auto`. */
export function wantedWorkers({ workers }: Pick<Config, 'workers'>): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** How many connections to PostgreSQL so many workers need at most: while one is replaced, there is one more. */
export function connectionsFor(workers: number, { databasePoolSize }: Pick<Config, 'databasePoolSize'>): number {
  return (workers + 1) * (databasePoolSize + OWN) + SPARE;
}

/**
 * How many workers shall share a server that lets so many connections in: what is wanted, for `auto` at most what it bears.
 * @throws WorkersRefused when it does not bear what is wanted
 */
export function fittingWorkers(connections: number, config: Sizes): number {
  const wanted = wantedWorkers(config);
  const needed = connectionsFor(wanted, config);
  if (needed <= connections) return wanted;
  const { workers, databasePoolSize } = config;
  if (workers === 'auto') return Math.max(Math.floor((connections - SPARE) / (databasePoolSize + OWN)) - 1, 1);
  throw new WorkersRefused(
    `SOUK_WORKERS=${wanted} with DATABASE_POOL_SIZE=${databasePoolSize} needs ${needed} connections to PostgreSQL, which lets ` +
      `${connections} in. Lower one of the two, or raise max_connections of PostgreSQL.`,
  );
}

/** So many workers cannot work here; the message says why and what to do. */
export class WorkersRefused extends Error {}
