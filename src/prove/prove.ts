import { VERSION } from '../config/version.js';
import { accessToken } from '../scratch/access-token.js';
import { Buyers } from '../scratch/buyers.js';
import { ScratchShop } from '../scratch/scratch-shop.js';
import { addAccounts, databaseVersion } from '../scratch/scratch.queries.js';
import { ShopClient } from '../scratch/shop-client.js';
import { Staff } from '../scratch/staff.js';
import { waitUntil } from '../scratch/waiting.js';
import { constraints } from './constraints.js';
import { killDatabase, killServer } from './kills.js';
import { lastCoupons } from './last-coupons.js';
import { lastUnits } from './last-units.js';
import { movingPrices } from './moving-prices.js';
import { parallelCarts } from './parallel-carts.js';
import type { Progress } from './progress.js';
import { waitingEvents } from './prove.queries.js';
import { quiet } from './quiet.js';
import { Random } from './random.js';
import type { Report, Result } from './report.js';
import { reservations } from './reservations.js';
import { none, type Findings, type Round, type Stage } from './round.js';
import { sameKey } from './same-key.js';
import { figuresOf, SUMS } from './sums.queries.js';

/** Every round that can be chosen, in the order in which they run. The last word, `quiet`, is always heard. */
export const ROUNDS: readonly Round[] = [
  lastUnits,
  sameKey,
  lastCoupons,
  parallelCarts,
  movingPrices,
  reservations,
  killServer,
  killDatabase,
  constraints,
];

/** How to prove. */
export interface ProveOptions {
  /** The same seed makes the same baskets, and kills at the same moments. */
  seed: number;
  /** Fewer of everything. */
  short: boolean;
  rounds: readonly Round[];
  /** Leaves the files of the database where they are. */
  keep: boolean;
  progress: Progress;
  /** Ends everything before its time. */
  signal: AbortSignal;
}

/** A report, and where the database was kept. */
export interface Proof {
  report: Report;
  /** `null` when it was removed. */
  place: string | null;
}

const LONGEST_MS = 600_000;
const EVENTS_MS = 20_000;

/**
 * Starts a shop of its own, tries to break its promises, and adds everything up. Nothing is left behind, however it ends.
 * @throws EmbeddedPostgresError, or Error when the shop cannot be started; the signal's reason
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const begun = performance.now();
  const { rounds, keep, progress } = options;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(LONGEST_MS)]);
  const shop = await ScratchShop.open();
  try {
    progress.note(`The database is in ${shop.place}`);
    progress.begin('Starting two servers');
    await shop.startServers(signal).finally(() => progress.end(null));
    const stageOf = await stages(shop, options, signal);
    const results: Result[] = [];
    for (const round of [...rounds, quiet]) results.push(await play(round, stageOf(round), progress));
    const told = [...stageOf(quiet).buyers.told];
    const report = await addUp(shop, { results, told, begun, signal, options });
    return { report, place: keep ? shop.place : null };
  } finally {
    await shop.close({ keep });
  }
}

/** What the rounds have left. */
interface Played {
  results: Result[];
  /** Numbers of the orders that somebody was told of. */
  told: readonly string[];
  begun: number;
  signal: AbortSignal;
  options: ProveOptions;
}

async function addUp({ scratch }: ScratchShop, { results, told, begun, signal, options }: Played): Promise<Report> {
  const { database } = scratch;
  const isLogged = async (): Promise<boolean> => (await waitingEvents(database)) === 0;
  // When that does not happen, the sums say which events are missing.
  await waitUntil(isLogged, { what: 'all events were in the log', timeoutMs: EVENTS_MS, signal }).catch(
    () => undefined,
  );
  signal.throwIfAborted();
  const sums: Report['sums'] = [];
  for (const { title, wrong } of SUMS) {
    sums.push({ title, broken: none('counter-examples', await wrong(database, told)) });
  }
  const { orders, cancelled, units, taken, promised, events } = await figuresOf(database);
  return {
    souk: VERSION,
    postgres: await databaseVersion(database),
    node: process.versions.node,
    seed: options.seed,
    short: options.short,
    seconds: (performance.now() - begun) / 1_000,
    kept: [...results, ...sums].every(({ broken }) => broken.length === 0),
    rounds: results,
    sums,
    figures: `${orders} orders (${cancelled} cancelled), ${units} units = ${taken} taken + ${promised} promised, ${events} events`,
  };
}

/** Makes the stage of each round: the same shop, clients and staff, and random numbers of its own. */
async function stages(
  shop: ScratchShop,
  { seed, short, progress }: ProveOptions,
  signal: AbortSignal,
): Promise<(round: Round) => Stage> {
  const { scratch, servers, config } = shop;
  const { database } = scratch;
  const client = new ShopClient(servers, signal);
  const buyers = new Buyers(client);
  const account = async (role: string): Promise<string> => {
    const [id = ''] = await database.transaction((tx) => addAccounts(tx, 1, [role]));
    return accessToken(config, { id, roles: [role] });
  };
  const staff = new Staff(client, await account('STAFF'));
  const customer = (): Promise<string> => account('USER');
  const moved = (done: number, of: number): void => progress.moved(done, of);
  const common = { short, scratch, database, servers, client, buyers, staff, signal, customer, moved };
  return ({ name }) => ({ ...common, random: new Random(seed, name) });
}

async function play(round: Round, stage: Stage, progress: Progress): Promise<Result> {
  const { name, title, promise } = round;
  const begun = performance.now();
  progress.begin(title);
  let result: Result | null = null;
  try {
    const findings = await findingsOf(round, stage);
    result = { name, title, promise, ...findings, seconds: (performance.now() - begun) / 1_000 };
    return result;
  } finally {
    progress.end(result);
  }
}

/** A round that fails has not shown its promise. */
async function findingsOf(round: Round, stage: Stage): Promise<Findings> {
  try {
    return await round.run(stage);
  } catch (error) {
    stage.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    return { figures: 'not played to its end', broken: [{ what: `the round has failed: ${why}`, rows: [] }] };
  }
}
