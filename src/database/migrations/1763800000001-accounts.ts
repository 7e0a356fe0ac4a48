import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, and how they stay signed in. */
export class Accounts1763800000001 implements MigrationInterface {
  name = 'Accounts1763800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        email text NOT NULL,
        name text NOT NULL,
        password_hash text NOT NULL,
        roles text[] NOT NULL DEFAULT '{USER}',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT users_roles_known CHECK (roles <@ '{USER,PREMIUM,STAFF,ADMIN}' AND cardinality(roles) > 0)
      )`);
    await runner.query(`CREATE UNIQUE INDEX users_email_unique ON users (lower(email))`);
    await runner.query(`CREATE INDEX users_by_age ON users (created_at, id)`);
    await runner.query(`CREATE INDEX users_admins ON users (id) WHERE 'ADMIN' = ANY(roles)`);
    await runner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await runner.query(
      `CREATE INDEX users_text_trigrams ON users USING gin (lower(name || ' ' || email) gin_trgm_ops)`,
    );
    // A session that is revoked is deleted, and its tokens with it.
    await runner.query(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL
      )`);
    await runner.query(`CREATE INDEX sessions_user ON sessions (user_id)`);
    // Only hashes: who reads the table cannot use a token.
    await runner.query(`
      CREATE TABLE refresh_tokens (
        token_hash bytea PRIMARY KEY,
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        used_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE refresh_tokens, sessions, users`);
  }
}
