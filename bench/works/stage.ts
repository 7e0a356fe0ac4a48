import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Choices } from './choices.ts';
import { Cluster, query } from './cluster.ts';
import { dataSet } from './data-set/data-set.ts';
import { Load } from './load/load.ts';
import { LIMIT } from './peers/limit.ts';
import { installPostgraphile, installedVersions } from './peers/postgraphile-install.ts';
import { postgraphile } from './peers/postgraphile.ts';
import type { Peer } from './peers/peer.ts';
import { souk } from './peers/souk.ts';
import { copyProgram, type Program } from './program.ts';

/** What a run plays on. Whatever it starts is ended with it; the data sets and PostGraphile stay for the next run. */
export class Stage {
  readonly signal: AbortSignal;
  readonly choices: Choices;
  readonly program: Program;
  readonly cluster: Cluster;
  readonly load = new Load();
  /** For files of this run. */
  readonly folder: string;
  /** Installed versions of others. */
  versions: Record<string, string> = {};
  private peers: readonly Peer[] = [];
  private readonly databases = new Map<Peer, string>();

  private constructor(given: Pick<Stage, 'signal' | 'choices' | 'program' | 'cluster' | 'folder'>) {
    this.signal = given.signal;
    this.choices = given.choices;
    this.program = given.program;
    this.cluster = given.cluster;
    this.folder = given.folder;
  }

  /** Runs something on a stage, and ends the stage, whatever comes of it. @param scratch a folder that is kept from run to run */
  static async with<T>(
    choices: Choices,
    scratch: string,
    signal: AbortSignal,
    play: (stage: Stage) => Promise<T>,
  ): Promise<T> {
    const { program, remove } = await copyProgram();
    const folder = mkdtempSync(join(scratch, 'run-'));
    try {
      const cluster = await Cluster.start(program, join(scratch, 'postgres'));
      const stage = new Stage({ signal, choices, program, cluster, folder });
      try {
        await stage.prepare(scratch);
        return await play(stage);
      } finally {
        stage.load.stop();
        await cluster.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      remove();
    }
  }

  /** Souk first. */
  get all(): readonly Peer[] {
    return this.peers;
  }

  /** The database of a peer, with what its users add to the tables. It must not be changed: writes go to copies. */
  databaseOf(peer: Peer): string {
    return this.databases.get(peer) ?? '';
  }

  urlOf(peer: Peer): string {
    return this.cluster.urlOf(this.databaseOf(peer));
  }

  private async prepare(scratch: string): Promise<void> {
    const data = await dataSet(this.program, this.cluster, this.choices.scale);
    const peers: Peer[] = [];
    for (const name of this.choices.peers) {
      this.signal.throwIfAborted();
      if (name === 'souk') peers.push(souk(this.program));
      if (name === 'limit') peers.push(LIMIT);
      if (name === 'postgraphile') {
        const folder = await installPostgraphile(scratch);
        this.versions = installedVersions(folder);
        peers.push(postgraphile(folder));
      }
    }
    this.peers = peers;
    for (const peer of peers) {
      const database = await this.cluster.copy(data);
      this.databases.set(peer, database);
      const url = this.cluster.urlOf(database);
      for (const statement of peer.tables) await query(url, statement);
      if (peer.tables.length > 0) await query(url, 'VACUUM (ANALYZE)');
    }
  }
}
