import { setTimeout as sleep } from 'node:timers/promises';
import { connectionUrl } from './connection.js';
import { EmbeddedPostgresError, errorText } from './error.js';
import { hasEnded, postmasterPid } from './postmaster.js';
import { type Seat, takeSeat } from './server.js';
import { findSite, type EmbeddedOptions, type Site } from './site.js';
import { hasSocket } from './unix-socket.js';
import { enroll, hasUsers, resign } from './users.js';

export { EmbeddedPostgresError } from './error.js';

const WATCH_MS = 500;
const LEAVE_TIMEOUT_MS = 60_000;
const LONGEST_PAUSE_MS = 10_000;

/** A database that this process uses, perhaps together with others. */
export interface EmbeddedPostgres {
  /** postgres://souk:password@127.0.0.1:port/souk, with ?host=<folder of its socket> where it has one; stays valid when the server is killed and comes back. */
  readonly url: string;
  /** Where the data really lies: for root it may be another place than was asked for. */
  readonly home: string;
  /** True when another process had started the server. */
  readonly adopted: boolean;
  /** Leaves. The server ends when the last process has left; resolves when it has ended, if we were the last. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a directory of this machine, or joins the one that another process has started there. It lives
 * as long as any process uses it, and is brought back on the same port when it dies before that.
 * @throws EmbeddedPostgresError when this machine or directory cannot serve, saying what to do; then nothing runs.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const site = await findSite(options);
  const leaving = new AbortController();
  let note: string | null = null;
  try {
    note = enroll(site.home);
    const seat = await takeSeat(site, { port: null, signal: leaving.signal });
    site.log(`the database in ${site.home} is ${seat.watchdog ? 'ready' : 'shared'} on port ${seat.connection.port}`);
    return new Membership(site, seat, note, leaving);
  } catch (error) {
    if (note !== null) resign(note);
    if (error instanceof EmbeddedPostgresError) throw error;
    const message = `The embedded PostgreSQL in ${site.home} cannot be started: ${errorText(error)}`;
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

class Membership implements EmbeddedPostgres {
  readonly url: string;
  readonly home: string;
  readonly adopted: boolean;
  readonly #site: Site;
  readonly #note: string;
  readonly #leaving: AbortController;
  readonly #watch: NodeJS.Timeout;
  #seat: Seat;
  #recovery: Promise<void> | null = null;
  #left: Promise<void> | null = null;

  constructor(site: Site, seat: Seat, note: string, leaving: AbortController) {
    const { data } = site;
    this.url = connectionUrl(seat.connection, hasSocket(data, seat.connection.port) ? data : null);
    this.home = site.home;
    this.adopted = seat.watchdog === null;
    this.#site = site;
    this.#note = note;
    this.#leaving = leaving;
    this.#seat = this.#sit(seat);
    this.#watch = setInterval(() => this.#look(), WATCH_MS).unref();
  }

  stop(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    clearInterval(this.#watch);
    this.#leaving.abort();
    await this.#recovery;
    const pid = postmasterPid(this.#site.data);
    // In this order: whoever then finds no other note knows that nobody keeps the server alive.
    this.#seat.share.release();
    resign(this.#note);
    const isShared = () => hasUsers(this.home);
    if (pid === null || isShared() || (await hasEnded(pid, LEAVE_TIMEOUT_MS, isShared)) || isShared()) return;
    this.#site.log(`the database in ${this.home} needs more than ${LEAVE_TIMEOUT_MS / 1000} s to end`);
  }

  /** The starter hears of the end at once; those who joined see it when they look the next time. */
  #sit(seat: Seat): Seat {
    seat.watchdog?.once('exit', () => this.#look());
    return seat;
  }

  #look(): void {
    if (this.#recovery || this.#leaving.signal.aborted || this.#seat.share.isGuarded()) return;
    this.#recovery = this.#recover().finally(() => {
      this.#recovery = null;
    });
  }

  async #recover(): Promise<void> {
    const { signal } = this.#leaving;
    const { port } = this.#seat.connection;
    this.#site.log('the database has ended unexpectedly and is started again');
    this.#seat.share.release();
    for (let pause = 250; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        this.#seat = this.#sit(await takeSeat(this.#site, { port, signal }));
        this.#tellReturn(port);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#site.log(`the database could not be started again: ${errorText(error)}`);
        await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }

  #tellReturn(port: number): void {
    const now = this.#seat.connection.port;
    if (now === port) this.#site.log(`the database is back on port ${port}`);
    else this.#site.log(`the database is back, but on port ${now} and not ${port}: start this process again`);
  }
}
