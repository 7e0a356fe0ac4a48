import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { DisableUserInput, EnableUserInput } from '../users/user.inputs.js';
import type { User } from '../users/user.type.js';
import { UsersService } from '../users/users.service.js';
import { SessionsService } from './sessions.service.js';

/** Which accounts can be signed in to. */
@Injectable()
export class StandingService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * Lets nobody sign in to an account any more, and ends all its sessions.
   * @throws OwnAccount, UserNotFound, UserVersionConflict, LastAdmin
   * @throws Forbidden when the viewer is no administrator any more, whatever their token says
   */
  disable(viewer: Viewer, input: DisableUserInput): Promise<User> {
    return this.database.transaction(async (tx) => {
      // Locks the account: who is signing in has a session by now, or finds the account disabled.
      const user = await this.users.disable(tx, viewer, input);
      await this.sessions.endAll(tx, user.id);
      return user;
    });
  }

  /**
   * Lets the owner sign in again.
   * @throws UserNotFound, UserVersionConflict
   * @throws Forbidden when the viewer is no administrator any more, whatever their token says
   */
  enable(viewer: Viewer, input: EnableUserInput): Promise<User> {
    return this.database.transaction((tx) => this.users.enable(tx, viewer, input));
  }
}
