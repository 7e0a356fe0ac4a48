import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The outbox that changes are told to, and the log that readers follow. */
export class Events1763800000000 implements MigrationInterface {
  name = 'Events1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event_outbox (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        topic text NOT NULL,
        entity_id uuid NOT NULL,
        type text NOT NULL,
        payload jsonb NOT NULL,
        at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE event_log (
        pos bigint PRIMARY KEY,
        topic text NOT NULL,
        entity_id uuid NOT NULL,
        type text NOT NULL,
        payload jsonb NOT NULL,
        at timestamptz(3) NOT NULL
      )`);
    await runner.query(`CREATE INDEX event_log_at ON event_log (at)`);
    // One row. The epoch is part of every cursor; it must be changed when an older state of the database is restored.
    await runner.query(`
      CREATE TABLE event_state (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        epoch text NOT NULL DEFAULT substr(md5(uuidv7()::text), 1, 8),
        last_pos bigint NOT NULL DEFAULT 0
      )`);
    await runner.query(`INSERT INTO event_state DEFAULT VALUES`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE event_state, event_log, event_outbox`);
  }
}
