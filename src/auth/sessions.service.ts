import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { User } from '../users/user.type.js';
import { UsersService } from '../users/users.service.js';
import { AccessTokens, type AccessToken } from './access-tokens.js';
import { InvalidRefreshToken } from './auth.errors.js';
import { newRefreshToken, refreshTokenHash } from './refresh-token.js';
import { SessionsQueries } from './sessions.queries.js';

/** Most sessions of one account; beyond them the oldest ends. */
const MOST_SESSIONS = 50;

/** What somebody who has signed in is given. */
export interface OpenSession extends AccessToken {
  user: User;
  refreshToken: string;
}

/** Who stays signed in, and for how long. */
@Injectable()
export class SessionsService {
  private readonly logger = new Logger(SessionsService.name);

  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly queries: SessionsQueries,
    private readonly users: UsersService,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** Opens a session for somebody whose password was right, and clears away those that have expired. */
  async open(tx: Tx, user: User): Promise<OpenSession> {
    await this.queries.deleteBeyond(tx, user.id, MOST_SESSIONS - 1);
    return this.insert(tx, user);
  }

  /** Opens a session and ends all others of the user. */
  async openOnly(tx: Tx, user: User): Promise<OpenSession> {
    await this.queries.deleteBeyond(tx, user.id, 0);
    return this.insert(tx, user);
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
    await this.database.transaction((tx) => this.queries.deleteByToken(tx, refreshTokenHash(refreshToken)));
  }

  private async rotate(tx: Tx, usedHash: Buffer): Promise<OpenSession | null> {
    const { token, hash } = newRefreshToken();
    const days = this.config.refreshTokenDays;
    const session = await this.queries.rotate(tx, { usedHash, newHash: hash, days });
    const user = session && (await this.users.find(tx, session.userId));
    if (user) return { user, refreshToken: token, ...this.accessTokens.issue(user, session.sessionId) };
    const ended = await this.queries.deleteByToken(tx, usedHash);
    if (ended)
      this.logger.warn(`Session ${ended.sessionId} of user ${ended.userId} ended: an old refresh token was sent.`);
    return null;
  }

  private async insert(tx: Tx, user: User): Promise<OpenSession> {
    const { token, hash } = newRefreshToken();
    const days = this.config.refreshTokenDays;
    const sessionId = await this.queries.insert(tx, { userId: user.id, tokenHash: hash, days });
    return { user, refreshToken: token, ...this.accessTokens.issue(user, sessionId) };
  }
}
