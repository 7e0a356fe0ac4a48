import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { EventsService } from '../events/events.service.js';
import { accountEvent } from '../users/account.events.js';
import type { User } from '../users/user.type.js';
import { UsersService } from '../users/users.service.js';
import { AccessTokens, type AccessToken } from './access-tokens.js';
import { InvalidRefreshToken } from './auth.errors.js';
import { newRefreshToken, refreshTokenHash } from './refresh-token.js';
import { SessionsQueries, type SessionRow } from './sessions.queries.js';

/** Most sessions of one account; beyond them the oldest ends. */
const MOST_SESSIONS = 50;

/** What somebody who has signed in is given. */
export interface OpenSession extends AccessToken {
  user: User;
  refreshToken: string;
}

/** Who stays signed in, and for how long. Access tokens of a session that is ended here are revoked. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);

  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly queries: SessionsQueries,
    private readonly users: UsersService,
    private readonly accessTokens: AccessTokens,
    private readonly events: EventsService,
  ) {}

  /** Opens a session for somebody whose password was right, and clears away those that have expired. */
  async open(tx: Tx, user: User): Promise<OpenSession> {
    await this.endBeyond(tx, user.id, MOST_SESSIONS - 1);
    return this.insert(tx, user);
  }

  /** Opens a session and ends all others of the user. */
  async openOnly(tx: Tx, user: User): Promise<OpenSession> {
    await this.endAll(tx, user.id);
    return this.insert(tx, user);
  }

  /** Ends all sessions of a user. */
  endAll(tx: Tx, userId: string): Promise<void> {
    return this.endBeyond(tx, userId, 0);
  }

  /**
   * Takes a refresh token once and gives the next one, with the user's roles as they are now. A token that comes
   * a second time has two owners, one of them a thief: then the whole session ends.
   * @throws InvalidRefreshToken
   * @see RFC 9700, section 4.14.2, Refresh Token Protection
   */
  async refresh(refreshToken: string): Promise<OpenSession> {
    const session = await this.database.transaction((tx) => this.rotate(tx, refreshTokenHash(refreshToken)));
    // Thrown behind the commit, which has ended the session for good.
    if (!session) throw new InvalidRefreshToken();
    return session;
  }

  /** Ends the session that a refresh token belongs to, if it has not ended yet. */
  async end(refreshToken: string): Promise<void> {
    await this.database.transaction((tx) => this.endByToken(tx, refreshTokenHash(refreshToken)));
  }

  private async rotate(tx: Tx, usedHash: Buffer): Promise<OpenSession | null> {
    const { token, hash } = newRefreshToken();
    const days = this.config.refreshTokenDays;
    const session = await this.queries.rotate(tx, { usedHash, newHash: hash, days });
    const user = session && (await this.users.find(tx, session.userId));
    if (user && !user.disabledAt) {
      return { user, refreshToken: token, ...this.accessTokens.issue(user, session.sessionId) };
    }
    const ended = await this.endByToken(tx, usedHash);
    if (ended && !user)
      this.logger.warn(`Session ${ended.sessionId} of user ${ended.userId} ended: an old refresh token was sent.`);
    return null;
  }

  private async endByToken(tx: Tx, tokenHash: Buffer): Promise<SessionRow | null> {
    const ended = await this.queries.deleteByToken(tx, tokenHash);
    if (ended) await this.tellEnded(tx, ended.userId, [ended.sessionId]);
    return ended;
  }

  private async endBeyond(tx: Tx, userId: string, keep: number): Promise<void> {
    const ended = await this.queries.deleteBeyond(tx, userId, keep);
    if (ended.length > 0) await this.tellEnded(tx, userId, ended);
  }

  private tellEnded(tx: Tx, userId: string, sessionIds: string[]): Promise<void> {
    return this.events.append(tx, accountEvent(userId, 'SESSION_ENDED', { sessionIds }));
  }

  private async insert(tx: Tx, user: User): Promise<OpenSession> {
    const { token, hash } = newRefreshToken();
    const days = this.config.refreshTokenDays;
    const sessionId = await this.queries.insert(tx, { userId: user.id, tokenHash: hash, days });
    return { user, refreshToken: token, ...this.accessTokens.issue(user, sessionId) };
  }
}
