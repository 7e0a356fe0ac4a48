import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists are read by. */
export class ReadIndexes1763800000008 implements MigrationInterface {
  name = 'ReadIndexes1763800000008';

  async up(runner: QueryRunner): Promise<void> {
    // The page of a category in the order that it has when nobody wishes another.
    await runner.query(`CREATE INDEX products_of_category_by_age ON products (category_id, created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX products_of_category_by_age`);
  }
}
