import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../database/database.js';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded/embedded-postgres.js';
import { logFile } from '../embedded/log.js';
import { hasEnded, postmasterPid } from '../embedded/postmaster.js';
import { databaseState } from './scratch.queries.js';
import { waitUntil } from './waiting.js';

const POOL_SIZE = 4;
const END_MS = 15_000;
const BACK_MS = 60_000;
const DEADLOCK = /^\S+ \S+ \S+ \[\d+\] ERROR: {2}deadlock detected\n(?:.*\n\t.*|\S+ \S+ \S+ \[\d+\] DETAIL: .*)*/gm;

/** A database of its own in a folder, whose server can be killed. Embedded databases come back by themselves, on the same port. */
export class ScratchDatabase {
  /** Deadlocks that were counted before the counter went with the server. */
  private deadlocksBefore = 0;

  private constructor(
    private readonly embedded: EmbeddedPostgres,
    /** Connections of this process, beside those of the servers. */
    readonly database: Database,
  ) {}

  /** @throws EmbeddedPostgresError when this machine cannot serve it */
  static async start(home: string): Promise<ScratchDatabase> {
    const embedded = await startEmbeddedPostgres({ home });
    try {
      return new ScratchDatabase(embedded, await Database.open({ url: embedded.url, poolSize: POOL_SIZE }));
    } catch (error) {
      await embedded.stop();
      throw error;
    }
  }

  get url(): string {
    return this.embedded.url;
  }

  /** Where the data really lie. */
  get home(): string {
    return this.embedded.home;
  }

  /** Kills the server (SIGKILL) and resolves when another one answers in its place. */
  async kill(signal: AbortSignal): Promise<void> {
    const before = await databaseState(this.database);
    const pid = postmasterPid(join(this.home, 'data'));
    if (pid === null) throw new Error('The server of the database is not to be found.');
    process.kill(pid, 'SIGKILL');
    this.deadlocksBefore += before.deadlocks;
    if (!(await hasEnded(pid, END_MS))) throw new Error('The server of the database could not be killed.');
    const isBack = async (): Promise<boolean> =>
      (await databaseState(this.database).catch(() => before)).startedAt !== before.startedAt;
    await waitUntil(isBack, { what: 'the database was back', timeoutMs: BACK_MS, signal });
  }

  /** Deadlocks since the beginning, as PostgreSQL counts them. The counter begins anew after a kill. */
  async deadlocks(): Promise<number> {
    return this.deadlocksBefore + (await databaseState(this.database)).deadlocks;
  }

  /** What PostgreSQL has logged of deadlocks: who waited for whom. */
  deadlockReports(): string[] {
    return readFileSync(logFile(this.home), 'utf8').match(DEADLOCK) ?? [];
  }

  async stop(): Promise<void> {
    await this.database.close();
    await this.embedded.stop();
  }
}
