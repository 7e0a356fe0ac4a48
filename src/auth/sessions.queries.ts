import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/db.js';

/** A session and whose it is. */
export interface SessionRow {
  sessionId: string;
  userId: string;
}

/** Statements on sessions and their tokens. All lock a session before its tokens, so they cannot block each other for good. */
@Injectable()
export class SessionsQueries {
  /** Opens a session with its first token. Answers its id. */
  async insert(tx: Tx, session: { userId: string; tokenHash: Buffer; days: number }): Promise<string> {
    const [row] = await tx.query<{ sessionId: string }>(
      'sessions.insert',
      `WITH session AS (
         INSERT INTO sessions (user_id, expires_at) VALUES ($1, now() + make_interval(days => $3)) RETURNING id
       )
       INSERT INTO refresh_tokens (token_hash, session_id) SELECT $2, id FROM session RETURNING session_id AS "sessionId"`,
      [session.userId, session.tokenHash, session.days],
    );
    if (!row) throw new Error('A session was not inserted.');
    return row.sessionId;
  }

  /**
   * Puts a new token in the place of an unused one of a living session, and moves its end. `null`, and nothing is changed
   * for good, when the token is anything else: who comes second with the same token waits for the session's row,
   * and then finds the token used.
   */
  async rotate(tx: Tx, tokens: { usedHash: Buffer; newHash: Buffer; days: number }): Promise<SessionRow | null> {
    const [row] = await tx.query<SessionRow>(
      'sessions.rotate',
      `WITH session AS (
         UPDATE sessions s SET expires_at = now() + make_interval(days => $3)
         FROM refresh_tokens t
         WHERE t.token_hash = $1 AND t.used_at IS NULL AND s.id = t.session_id AND s.expires_at > now()
         RETURNING s.id, s.user_id
       ), used AS (
         UPDATE refresh_tokens t SET used_at = now() FROM session s
         WHERE t.token_hash = $1 AND t.used_at IS NULL
         RETURNING s.id, s.user_id
       ), renewed AS (
         INSERT INTO refresh_tokens (token_hash, session_id) SELECT $2, id FROM used
       ), forgotten AS (
         DELETE FROM refresh_tokens t USING used
         WHERE t.session_id = used.id AND t.used_at < now() - make_interval(days => $3)
       )
       SELECT id AS "sessionId", user_id AS "userId" FROM used`,
      [tokens.usedHash, tokens.newHash, tokens.days],
    );
    return row ?? null;
  }

  /** Ends the session that a token belongs to, used or not. `null` when there is none. */
  async deleteByToken(tx: Tx, tokenHash: Buffer): Promise<SessionRow | null> {
    const [row] = await tx.query<SessionRow>(
      'sessions.deleteByToken',
      `DELETE FROM sessions s USING refresh_tokens t
       WHERE t.token_hash = $1 AND s.id = t.session_id
       RETURNING s.id AS "sessionId", s.user_id AS "userId"`,
      [tokenHash],
    );
    return row ?? null;
  }

  /**
   * Deletes all sessions of a user but the newest `keep` that have not expired. Answers the ids of those that it ended,
   * without those that had expired.
   */
  async deleteBeyond(tx: Tx, userId: string, keep: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      'sessions.deleteBeyond',
      `WITH kept AS (
         SELECT id FROM sessions WHERE user_id = $1 AND expires_at > now() ORDER BY created_at DESC, id DESC LIMIT $2
       ), doomed AS (
         SELECT id FROM sessions WHERE user_id = $1 AND id NOT IN (SELECT id FROM kept) ORDER BY id FOR UPDATE
       ), deleted AS (
         DELETE FROM sessions s USING doomed WHERE s.id = doomed.id RETURNING s.id, s.expires_at
       )
       SELECT id FROM deleted WHERE expires_at > now() ORDER BY id`,
      [userId, keep],
    );
    return rows.map(({ id }) => id);
  }
}
