import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { OwnConnection } from '../database/own-connection.js';
import { EventFeed } from '../events/event-feed.js';
import { WorkLoop } from '../events/work-loop.js';
import { ANSWERS_CHANNEL, AnswersQueries } from './answers.queries.js';
import type { SentDrop } from './drop.js';

const PULSE_MS = 200;
/** Who has not heard for so long how far the log is gives no kept answers; PostgreSQL ends a session that is silent for as long. */
export const SILENCE_MS = 1_000;
const BE_ALONE_EVERY_MS = 1_000;
const ASK_AGAIN_MS = 100;

/** What processes tell each other. */
type Message =
  /** Somebody wants to become a member. */
  | { kind: 'join' }
  /** Somebody has changed things and waits until it is known; without drops, anything may have changed. */
  | { kind: 'changed'; ask: number; by: number; drops: SentDrop[] | null }
  /** It is known. */
  | { kind: 'known'; ask: number; to: number; by: number };

/** A question that is not answered by all. */
interface Question {
  known: Set<number>;
  wake: () => void;
}

/**
 * The processes that keep answers, by a lock that each holds on a connection of its own, and how far this one has heard of
 * the log. Nothing here is needed for a change to be made; it decides who may give kept answers, and who is waited for.
 */
@Injectable()
export class Members {
  private readonly logger = new Logger(Members.name);
  private readonly loop = new WorkLoop(() => this.run(), PULSE_MS);
  private readonly questions = new Map<number, Question>();
  private connection: OwnConnection | null = null;
  private pid = 0;
  private asked = 0;
  /** By the monotonic clock; `Infinity` for one that is no member. */
  private joinedAt = Infinity;
  private triedAloneAt = -Infinity;
  private alone = false;
  /** Every change that was committed before has been told here. */
  private knownUntil = -Infinity;
  /** Becomes `knownUntil` when the feed has come so far. */
  private coming: { pos: number; asOf: number } | null = null;
  private changed: (drops: SentDrop[] | null) => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly feed: EventFeed,
    private readonly queries: AnswersQueries,
  ) {}

  /** @param changed is called, before the one who asks is answered, with what another process has changed; `null` for anything */
  start(changed: (drops: SentDrop[] | null) => void): void {
    this.changed = changed;
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.connection?.close();
  }

  /** Milliseconds since everything that had been committed was known here. */
  get silence(): number {
    return performance.now() - this.knownUntil;
  }

  /** Whether kept answers may be given: this process is a member, and has heard everything up to a moment ago. */
  get isInformed(): boolean {
    return this.knownUntil >= this.joinedAt && this.silence < SILENCE_MS;
  }

  /** Whether no other process keeps answers, nor can begin to without this one's doing. */
  get isAlone(): boolean {
    return this.alone && this.isInformed;
  }

  /** The feed has told all events up to its position. */
  reached(): void {
    if (this.coming && this.feed.position >= this.coming.pos) {
      this.knownUntil = Math.max(this.knownUntil, this.coming.asOf);
      this.coming = null;
    }
  }

  /** The log is another one: nothing is known until it has been read again. */
  forget(): void {
    this.knownUntil = -Infinity;
    this.coming = null;
  }

  /**
   * Resolves when every other member has dropped what has changed; after the time at the latest. @param drops `null` for anything
   * @param milliseconds how long at most
   */
  async inform(drops: readonly SentDrop[] | null, milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    const ask = (this.asked += 1);
    const question: Question = { known: new Set(), wake: () => undefined };
    this.questions.set(ask, question);
    try {
      while (performance.now() < until) {
        const asked = await this.ask({ kind: 'changed', ask, by: this.pid, drops: drops && [...drops] });
        if (await allKnow(question, asked, Math.min(until, performance.now() + ASK_AGAIN_MS))) return;
      }
    } finally {
      this.questions.delete(ask);
    }
  }

  /** Answers who has to say that they know; `null` when they could not be asked. */
  private async ask(message: Message): Promise<number[] | null> {
    const { connection } = this;
    if (!connection) return null;
    try {
      await this.queries.tell(connection, JSON.stringify(message));
      return await this.queries.others(connection);
    } catch {
      return null;
    }
  }

  private async run(): Promise<void> {
    try {
      this.connection ??= await this.connect();
      const { connection } = this;
      if (this.joinedAt === Infinity && !(await this.join(connection))) return;
      const sentAt = performance.now();
      const { pos, waiting } = await this.queries.pulse(connection);
      this.coming ??= { pos, asOf: sentAt - waiting };
      this.reached();
      if (!this.alone && sentAt - this.triedAloneAt >= BE_ALONE_EVERY_MS) await this.tryToBeAlone(connection);
    } catch (error) {
      this.logger.debug(`No answers are kept: ${error instanceof Error ? error.message : String(error)}`);
      await this.connection?.close();
      this.leave();
    }
  }

  private async connect(): Promise<OwnConnection> {
    const connection = await this.database.connect({
      name: `souk answers ${process.pid}`,
      idleMs: SILENCE_MS,
      forgetful: true,
    });
    void connection.lost.then(() => {
      if (this.connection === connection) this.leave();
    });
    // Every NOTIFY is a commit.
    await connection.script('SET synchronous_commit = off');
    await connection.listen(ANSWERS_CHANNEL, (payload) => this.received(connection, JSON.parse(payload) as Message));
    return connection;
  }

  private leave(): void {
    this.connection = null;
    this.joinedAt = Infinity;
    this.alone = false;
    this.coming = null;
  }

  private async join(connection: OwnConnection): Promise<boolean> {
    const { joined, pid } = await this.queries.join(connection);
    this.pid = pid;
    if (joined) this.joinedAt = performance.now();
    else await this.queries.tell(connection, JSON.stringify({ kind: 'join' } satisfies Message));
    return joined;
  }

  private async tryToBeAlone(connection: OwnConnection): Promise<void> {
    this.triedAloneAt = performance.now();
    this.alone = (await this.queries.beAlone(connection)) && this.connection === connection;
  }

  private received(connection: OwnConnection, message: Message): void {
    if (message.kind === 'join' && this.alone) {
      // Not alone from here on, though nobody can have joined yet.
      this.alone = false;
      this.triedAloneAt = performance.now();
      void this.queries.letOthersIn(connection).catch(() => undefined);
    } else if (message.kind === 'changed' && message.by !== this.pid) {
      this.changed(message.drops);
      const known: Message = { kind: 'known', ask: message.ask, to: message.by, by: this.pid };
      void this.queries.tell(connection, JSON.stringify(known)).catch(() => undefined);
    } else if (message.kind === 'known' && message.to === this.pid) {
      const question = this.questions.get(message.ask);
      question?.known.add(message.by);
      question?.wake();
    }
  }
}

/** Waits until everybody asked knows. Answers whether they do by then. @param until by the monotonic clock */
async function allKnow(question: Question, asked: readonly number[] | null, until: number): Promise<boolean> {
  const isKnown = (): boolean => asked?.every((pid) => question.known.has(pid)) ?? false;
  for (let left = until - performance.now(); !isKnown() && left > 0; left = until - performance.now()) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      question.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
  return isKnown();
}
