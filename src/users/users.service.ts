import { Injectable } from '@nestjs/common';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { EventsService } from '../events/events.service.js';
import { Forbidden } from '../errors/request-errors.js';
import { toConnection, type Connection } from '../graphql/page.js';
import { accountEvent } from './account.events.js';
import type { AssignRolesInput, DisableUserInput, EnableUserInput, UpdateMeInput, UsersArgs } from './user.inputs.js';
import type { User } from './user.type.js';
import { EmailTaken, LastAdmin, OwnAccount, UserNotFound, UserVersionConflict } from './users.errors.js';
import { conditionsOf, UsersQueries, USERS_SORT, type Credentials, type NewUser } from './users.queries.js';

export type { Credentials } from './users.queries.js';

/** A change of what an account may do, by an administrator. */
interface AdminChange {
  userId: string;
  expectedVersion?: number | null;
  /** The input field by which it ends that somebody is an administrator; `null` when it does not. */
  endsAdminBy: string | null;
}

/** Accounts: who they are and what they may do. Passwords are only kept here; the room `auth` makes and checks them. */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly queries: UsersQueries,
    private readonly events: EventsService,
  ) {}

  /** One page of accounts, newest first. @throws BadUserInput, CursorInvalid */
  async list({ filter, ...request }: UsersArgs): Promise<Connection<User>> {
    const conditions = conditionsOf(filter);
    const page = await this.queries.page(this.database, conditions, request);
    return toConnection(USERS_SORT, page, () => this.queries.count(this.database, conditions));
  }

  /** @throws UserNotFound, UserVersionConflict */
  updateMe(viewer: Viewer, { name, expectedVersion = null }: UpdateMeInput): Promise<User> {
    return this.database.transaction(async (tx) => {
      const user = await this.queries.rename(tx, viewer.id, { name, version: expectedVersion });
      if (user) return user;
      const stale = await this.find(tx, viewer.id);
      throw stale ? new UserVersionConflict() : new UserNotFound(null);
    });
  }

  /**
   * Sets the roles of an account. Access tokens that say otherwise are revoked.
   * @throws UserNotFound, UserVersionConflict, LastAdmin
   * @throws Forbidden when the viewer is no administrator any more, whatever their token says
   */
  assignRoles(viewer: Viewer, { userId, roles, expectedVersion }: AssignRolesInput): Promise<User> {
    const endsAdminBy = roles.includes(Role.ADMIN) ? null : 'roles';
    return this.database.transaction(async (tx) => {
      const before = await this.lock(tx, viewer, { userId, expectedVersion, endsAdminBy });
      const user = found(await this.queries.setRoles(tx, userId, inOrder(roles)));
      if (user.roles.join() !== before.roles.join()) {
        await this.events.append(tx, accountEvent(userId, 'ROLES_CHANGED', { roles: user.roles }));
      }
      return user;
    });
  }

  /**
   * Lets nobody sign in to an account any more; does nothing when it is so already. The room `auth` ends its sessions.
   * @throws OwnAccount, UserNotFound, UserVersionConflict, LastAdmin
   * @throws Forbidden when the viewer is no administrator any more, whatever their token says
   */
  async disable(tx: Tx, viewer: Viewer, { userId, expectedVersion }: DisableUserInput): Promise<User> {
    if (userId === viewer.id) throw new OwnAccount();
    const user = await this.lock(tx, viewer, { userId, expectedVersion, endsAdminBy: 'userId' });
    if (user.disabledAt) return user;
    const disabled = found(await this.queries.setDisabled(tx, userId, true));
    await this.events.append(tx, accountEvent(userId, 'DISABLED', {}));
    return disabled;
  }

  /**
   * Lets the owner sign in again; does nothing when they can.
   * @throws UserNotFound, UserVersionConflict
   * @throws Forbidden when the viewer is no administrator any more, whatever their token says
   */
  async enable(tx: Tx, viewer: Viewer, { userId, expectedVersion }: EnableUserInput): Promise<User> {
    const user = await this.lock(tx, viewer, { userId, expectedVersion, endsAdminBy: null });
    if (!user.disabledAt) return user;
    const enabled = found(await this.queries.setDisabled(tx, userId, false));
    await this.events.append(tx, accountEvent(userId, 'ENABLED', {}));
    return enabled;
  }

  /**
   * Makes an account. The address is kept in lower case, without spaces around it.
   * @throws EmailTaken when another account has the address; then the transaction can only be rolled back
   */
  async create(tx: Tx, { email, name, passwordHash, roles }: NewUser): Promise<User> {
    const row = { email: normalizeEmail(email), name: name.trim(), passwordHash, roles: inOrder(roles) };
    return found(await refusingTakenEmail(this.queries.insert(tx, row)));
  }

  /** The account with this id, whoever asks; `null` when there is none. */
  async find(tx: Tx, id: string): Promise<User | null> {
    const [user] = await this.queries.byIds(tx, [id]);
    return user ?? null;
  }

  /** What to check a password against, by e-mail address or id; `null` when there is no such account. */
  credentials(of: { email: string } | { id: string }): Promise<Credentials | null> {
    return 'id' in of
      ? this.queries.credentialsById(this.database, of.id)
      : this.queries.credentialsByEmail(this.database, normalizeEmail(of.email));
  }

  /** The account while these are its credentials, which stays so until the transaction ends; else `null`. */
  confirm(tx: Tx, credentials: Credentials): Promise<User | null> {
    return this.queries.confirm(tx, credentials);
  }

  /** Gives the account another password. Answers `null`, and changes nothing, when these are not its credentials any more. */
  replacePassword(tx: Tx, credentials: Credentials, newHash: string): Promise<User | null> {
    return this.queries.replacePassword(tx, credentials, newHash);
  }

  /**
   * Gives the account another e-mail address. Answers `null`, and changes nothing, when these are not its credentials any more.
   * @throws EmailTaken
   */
  replaceEmail(tx: Tx, credentials: Credentials, email: string): Promise<User | null> {
    return refusingTakenEmail(this.queries.replaceEmail(tx, credentials, normalizeEmail(email)));
  }

  /** Locks an account and all administrators: of two at once, the second one sees whom the first one has left. */
  private async lock(tx: Tx, viewer: Viewer, { userId, expectedVersion, endsAdminBy }: AdminChange): Promise<User> {
    const locked = await this.queries.lockWithAdmins(tx, userId);
    const user = locked.find(({ id }) => id === userId);
    if (!user) throw new UserNotFound('userId');
    if (expectedVersion != null && expectedVersion !== user.version) throw new UserVersionConflict();
    const admins = locked.filter(isAdmin);
    if (endsAdminBy !== null && isAdmin(user) && admins.length === 1) throw new LastAdmin(endsAdminBy);
    if (!admins.some(({ id }) => id === viewer.id)) throw new Forbidden('You are not an administrator any more.');
    return user;
  }
}

function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Whether somebody can sign in and administrate. */
function isAdmin({ roles, disabledAt }: User): boolean {
  return roles.includes(Role.ADMIN) && disabledAt === null;
}

/** Each role once, in the order of the enum. */
function inOrder(roles: readonly Role[]): Role[] {
  return Object.values(Role).filter((role) => roles.includes(role));
}

function found(user: User | null): User {
  if (!user) throw new UserNotFound(null);
  return user;
}

async function refusingTakenEmail<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (violatedConstraint(error) === 'users_email_unique') throw new EmailTaken();
    throw error;
  }
}
