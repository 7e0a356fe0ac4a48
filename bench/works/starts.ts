import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askedOf } from './asked.ts';
import { bytesOf, Lane } from './load/lane.ts';
import type { Peer, WireRequest } from './peers/peer.ts';
import { soukSettings } from './peers/souk.ts';
import { ServerProcess } from './server-process.ts';
import type { Stage } from './stage.ts';
import { WORKS } from './work.ts';

const SETTLED_MS = 4_000;
const SHOP = '{"query":"{ shop { name } }"}';

/** How one start went. */
export interface StartSample {
  server: string;
  /** From the start of the process to the end of its first answer, milliseconds. */
  firstAnswer: number;
  /** Memory of the server after that and a pause, in bytes; without PostgreSQL. */
  resident: number;
}

/** Starts each server a few times, and Souk once more with a database of its own that is there and at rest. */
export async function starts(stage: Stage): Promise<StartSample[]> {
  const samples: StartSample[] = [];
  const own = await OwnDatabase.make(stage);
  try {
    for (let round = 1; round <= stage.choices.rounds; round += 1) {
      for (const peer of stage.all) {
        stage.signal.throwIfAborted();
        samples.push(await startOf(stage, peer));
      }
      stage.signal.throwIfAborted();
      if (stage.all.some(({ name }) => name === 'souk')) samples.push(await own.startOf());
      console.error(`Starts: round ${round} of ${stage.choices.rounds}`);
    }
    return samples;
  } finally {
    own.remove();
  }
}

async function startOf(stage: Stage, peer: Peer): Promise<StartSample> {
  const page = WORKS.filter(({ kind }) => kind === 'productPage').slice(0, 1);
  const [[asked] = []] = (await askedOf(stage.urlOf(peer), page)).values();
  if (!asked) throw new Error('There is nothing to ask.');
  return timed(
    peer.name,
    () => peer.start({ databaseUrl: stage.urlOf(peer), kept: true }),
    (server) => peer.requestOf(server, asked, { cursor: null, first: 1 }),
  );
}

async function timed(
  name: string,
  start: () => Promise<ServerProcess>,
  requestOf: (server: ServerProcess) => WireRequest,
): Promise<StartSample> {
  const begun = performance.now();
  const server = await start();
  try {
    const lane = await Lane.open(server.port);
    const { status } = await lane.ask(bytesOf(requestOf(server)));
    const firstAnswer = performance.now() - begun;
    lane.close();
    if (status !== 200) throw new Error(`${name} begins with ${status}.`);
    await sleep(SETTLED_MS);
    return { server: name, firstAnswer, resident: server.residentBytes() };
  } finally {
    await server.stop();
  }
}

/** A folder in which Souk has been started before. */
class OwnDatabase {
  private readonly stage: Stage;
  private readonly folder: string;
  /** Where the data really lie. */
  private readonly home: string;

  private constructor(stage: Stage, folder: string, home: string) {
    this.stage = stage;
    this.folder = folder;
    this.home = home;
  }

  static async make(stage: Stage): Promise<OwnDatabase> {
    const folder = mkdtempSync(join(stage.folder, 'home-'));
    const embedded = await stage.program.embedded.startEmbeddedPostgres({ home: folder });
    await embedded.stop();
    const own = new OwnDatabase(stage, folder, embedded.home);
    await own.startOf();
    return own;
  }

  startOf(): Promise<StartSample> {
    const { program } = this.stage;
    const env = { ...soukSettings(program), SOUK_HOME: this.folder };
    const start = (): Promise<ServerProcess> =>
      ServerProcess.start({ program: ['bin/souk.js', 'start'], cwd: program.folder, env });
    return timed('souk with its own database', start, ({ path }) => ({ path, body: SHOP }));
  }

  remove(): void {
    for (const place of [this.home, this.folder]) rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  }
}
