import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Revocations } from '../access/revocations.js';
import type { LoggedEvent } from '../events/event.js';
import { EventFeed } from '../events/event-feed.js';
import { ACCOUNT_TOPIC, type AccountEvents } from '../users/account.events.js';

type Told = { [T in keyof AccountEvents]: { type: T; payload: AccountEvents[T] } }[keyof AccountEvents];

/** Tells this server what accounts have lost, whichever server of the deployment took it from them, and whenever. */
@Injectable()
export class AccountFollower implements OnModuleInit {
  private pos = 0;

  constructor(
    private readonly feed: EventFeed,
    private readonly revocations: Revocations,
  ) {}

  // The feed, which is global and so was initialised before, tells nothing until all modules are: what is read here
  // comes before what it will tell, and may overlap with it. Nobody is answered yet.
  async onModuleInit(): Promise<void> {
    this.feed.onEvents((events) => this.apply(events));
    this.apply(await this.feed.recent(ACCOUNT_TOPIC, this.revocations.seconds));
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
