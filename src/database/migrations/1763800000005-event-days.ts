import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = 'pos, topic, entity_id, type, payload, at';

/**
 * The log of events in one partition for each day, so that old days are dropped and not deleted row by row. The sequencer
 * makes the partitions. The day is the one on which an event got its position.
 */
export class EventDays1763800000005 implements MigrationInterface {
  name = 'EventDays1763800000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE event_log RENAME TO event_log_before`);
    // Positions are unique because the sequencer's statement locks the one row of event_state and counts on from there;
    // a key over partitions has to contain the day.
    await runner.query(`
      CREATE TABLE event_log (
        pos bigint NOT NULL,
        topic text NOT NULL,
        entity_id uuid NOT NULL,
        type text NOT NULL,
        payload jsonb NOT NULL,
        at timestamptz(3) NOT NULL,
        day date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date,
        CONSTRAINT event_log_position PRIMARY KEY (pos, day)
      ) PARTITION BY RANGE (day)`);
    await runner.query(`CREATE INDEX event_log_topic ON event_log (topic, at)`);
    await runner.query(`
      DO $$ DECLARE today date := (now() AT TIME ZONE 'UTC')::date; BEGIN
        EXECUTE format('CREATE TABLE event_log_%s PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)',
          to_char(today, 'YYYYMMDD'), today, today + 1);
      END $$`);
    await runner.query(`INSERT INTO event_log (${COLUMNS}) SELECT ${COLUMNS} FROM event_log_before ORDER BY pos`);
    await runner.query(`DROP TABLE event_log_before`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE event_log RENAME TO event_log_days`);
    await runner.query(`ALTER TABLE event_log_days RENAME CONSTRAINT event_log_position TO event_log_days_position`);
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
    await runner.query(`INSERT INTO event_log (${COLUMNS}) SELECT ${COLUMNS} FROM event_log_days ORDER BY pos`);
    await runner.query(`DROP TABLE event_log_days`);
  }
}
