import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Role } from './role.js';
import type { Viewer } from './viewer.js';

// Clocks of servers differ, and a token may be signed a moment before the change that takes it back is committed.
const LEEWAY_SECONDS = 60;
/** Some 20 MB; at the standard lifetime of tokens more than a hundred revocations each second. */
const MOST_ENTRIES = 100_000;

/** What is known of one session or one account. */
interface Entry {
  /** The session has ended, or the account is disabled. */
  readonly ended: boolean;
  /** Newest roles of an account that were changed, in one text. */
  readonly roles: string | null;
  /** When every token that this concerns has ended, in milliseconds since 1970. */
  readonly until: number;
}

/**
 * What was taken back while access tokens are valid that say otherwise. In memory, so that no request asks the database;
 * who tells it, and from where, is not its business. Everything is safe to be told twice.
 */
@Injectable()
export class Revocations {
  // Ids of sessions and of accounts are UUIDs, so one map holds both. The oldest entry is the first.
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<(userId: string) => void>();
  private readonly life: number;
  private floor = 0;

  constructor(config: Config) {
    this.life = config.accessTokenSeconds + LEEWAY_SECONDS;
  }

  /** For how long a change matters, in seconds: what is older concerns no token that is still valid. */
  get seconds(): number {
    return this.life;
  }

  /** How many sessions and accounts are remembered, at most 100,000. */
  get size(): number {
    return this.entries.size;
  }

  /** Sessions of an account have ended. @param at when */
  endSessions(userId: string, sessionIds: readonly string[], at: Date): void {
    for (const id of sessionIds) this.put(id, { ended: true, roles: null }, at);
    this.tell(userId);
  }

  /** An account has other roles: tokens with any others do not hold. @param at since when */
  rolesAre(userId: string, roles: readonly Role[], at: Date): void {
    this.put(userId, { ended: this.find(userId)?.ended ?? false, roles: inOneText(roles) }, at);
    this.tell(userId);
  }

  /** An account is disabled: none of its tokens hold. @param at since when */
  disable(userId: string, at: Date): void {
    this.put(userId, { ended: true, roles: this.find(userId)?.roles ?? null }, at);
    this.tell(userId);
  }

  /** An account is no longer disabled. Its sessions have ended all the same. @param at since when */
  enable(userId: string, at: Date): void {
    this.put(userId, { ended: false, roles: this.find(userId)?.roles ?? null }, at);
    this.tell(userId);
  }

  /**
   * Whether nothing was taken back that the viewer's token says: `false` when its session has ended, the account is disabled or
   * has other roles by now.
   */
  holds({ id, sessionId, roles, expiresAt }: Viewer): boolean {
    if (expiresAt * 1_000 <= this.floor || this.find(sessionId)?.ended) return false;
    const account = this.find(id);
    if (!account) return true;
    return !account.ended && (account.roles === null || account.roles === inOneText(roles));
  }

  /** Calls the listener, which must not throw, after each change with the id of its account. Answers how to stop. */
  onChange(listener: (userId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private find(id: string): Entry | undefined {
    const entry = this.entries.get(id);
    return entry && entry.until > Date.now() ? entry : undefined;
  }

  private put(id: string, change: Omit<Entry, 'until'>, at: Date): void {
    this.entries.delete(id);
    this.entries.set(id, { ...change, until: at.getTime() + this.life * 1_000 });
    this.forget();
  }

  // Beyond the bound the oldest entry goes early. Nobody gains by that: instead of the few tokens that it concerns, all are
  // refused that are as old, whoever's, and their owners refresh their sessions.
  private forget(): void {
    for (const [id, { until }] of this.entries) {
      if (until > Date.now()) {
        if (this.entries.size <= MOST_ENTRIES) return;
        this.floor = Math.max(this.floor, until);
      }
      this.entries.delete(id);
    }
  }

  private tell(userId: string): void {
    for (const listener of this.listeners) listener(userId);
  }
}

function inOneText(roles: readonly Role[]): string {
  return roles.toSorted().join();
}
