import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Revocations } from '../access/revocations.js';
import type { LoggedEvent } from '../events/event.js';
import { EventFeed } from '../events/event-feed.js';
import { WorkLoop } from '../events/work-loop.js';
import { ACCOUNT_TOPIC, type AccountEvents } from '../users/account.events.js';

type Told = { [T in keyof AccountEvents]: { type: T; payload: AccountEvents[T] } }[keyof AccountEvents];

const RETRY_MS = 1_000;

/** Tells this server what accounts have lost, whichever server of the deployment took it from them, and whenever. */
@Injectable()
export class AccountFollower implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(AccountFollower.name);
  private readonly loop = new WorkLoop(() => this.catchUp(), RETRY_MS);
  private pos = 0;
  private isBehind = true;
  /** What is told while older events are read; `null` while none are. */
  private heldBack: LoggedEvent[] | null = null;

  constructor(
    private readonly feed: EventFeed,
    private readonly revocations: Revocations,
  ) {}

  // The feed, which is global and so was initialised before, tells nothing until all modules are: what is read here
  // comes before what it will tell, and may overlap with it. Nobody is answered yet.
  async onModuleInit(): Promise<void> {
    this.feed.onEvents((events) => {
      if (this.heldBack) this.heldBack.push(...events.filter(({ topic }) => topic === ACCOUNT_TOPIC));
      else this.apply(events);
    });
    this.feed.onBreak(() => {
      this.isBehind = true;
      this.loop.wake();
    });
    await this.read();
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async catchUp(): Promise<void> {
    if (!this.isBehind) return;
    try {
      await this.read();
    } catch (error) {
      this.logger.warn(
        `What accounts have lost is not known: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** Reads what may still matter. What is told meanwhile comes behind it, since of two changes of roles the later one holds. */
  private async read(): Promise<void> {
    this.isBehind = false;
    this.pos = 0;
    const heldBack = (this.heldBack = [] as LoggedEvent[]);
    try {
      this.apply(await this.feed.recent(ACCOUNT_TOPIC, this.revocations.seconds));
    } catch (error) {
      this.isBehind = true;
      throw error;
    } finally {
      this.heldBack = null;
      this.apply(heldBack);
    }
  }

  private apply(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      if (event.topic !== ACCOUNT_TOPIC || event.pos <= this.pos) continue;
      this.pos = event.pos;
      this.revoke(event);
    }
  }

  private revoke({ entityId: userId, at, ...event }: LoggedEvent): void {
    const told = event as Told;
    switch (told.type) {
      case 'SESSION_ENDED':
        return this.revocations.endSessions(userId, told.payload.sessionIds, at);
      case 'ROLES_CHANGED':
        return this.revocations.rolesAre(userId, told.payload.roles, at);
      case 'DISABLED':
        return this.revocations.disable(userId, at);
      case 'ENABLED':
        return this.revocations.enable(userId, at);
    }
  }
}
