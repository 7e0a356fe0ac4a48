import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Accounts that are disabled. */
export class Standing1763800000006 implements MigrationInterface {
  name = 'Standing1763800000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN disabled_at timestamptz(3)`);
    await runner.query(`CREATE INDEX users_disabled ON users (created_at, id) WHERE disabled_at IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users DROP disabled_at`);
  }
}
