import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an order costs beside its goods: promotions, tax and shipping; and what requests need to be repeatable. */
export class Terms1763800000003 implements MigrationInterface {
  name = 'Terms1763800000003';

  async up(runner: QueryRunner): Promise<void> {
    // Only a hash of the key, and the answer under a key that only the sender knows: who reads the table learns nothing.
    await runner.query(`
      CREATE TABLE idempotency_keys (
        key_hash bytea PRIMARY KEY,
        fingerprint bytea NOT NULL,
        answer bytea,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at)`);
    await runner.query(`
      ALTER TABLE product_variants
        ADD weight_grams integer NOT NULL DEFAULT 0 CHECK (weight_grams >= 0),
        ADD tax_class text NOT NULL DEFAULT 'STANDARD' CHECK (tax_class IN ('STANDARD', 'REDUCED', 'ZERO'))`);
    await this.addresses(runner);
    await this.promotions(runner);
    await this.pricing(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE shipping_methods, tax_rates, promotion_redemptions, promotion_customers, promotions`,
    );
    await runner.query(`DROP TABLE saved_addresses, idempotency_keys`);
    await runner.query(`ALTER TABLE product_variants DROP weight_grams, DROP tax_class`);
  }

  private async addresses(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE saved_addresses (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
        address jsonb NOT NULL,
        is_default_shipping boolean NOT NULL DEFAULT false,
        is_default_billing boolean NOT NULL DEFAULT false,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX saved_addresses_user ON saved_addresses (user_id, id)`);
    await runner.query(
      `CREATE UNIQUE INDEX saved_addresses_default_shipping ON saved_addresses (user_id) WHERE is_default_shipping`,
    );
    await runner.query(
      `CREATE UNIQUE INDEX saved_addresses_default_billing ON saved_addresses (user_id) WHERE is_default_billing`,
    );
  }

  private async promotions(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE promotions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        name text NOT NULL,
        -- Upper case; NULL for a rule that applies by itself.
        code text COLLATE "C" CONSTRAINT promotions_code_unique UNIQUE,
        kind text NOT NULL CHECK (kind IN ('PERCENT', 'FIXED_AMOUNT', 'FREE_SHIPPING')),
        percent_bp integer CHECK (percent_bp BETWEEN 1 AND 10000),
        amount_minor bigint CHECK (amount_minor > 0),
        min_subtotal_minor bigint CHECK (min_subtotal_minor >= 0),
        category_ids uuid[] NOT NULL DEFAULT '{}',
        product_ids uuid[] NOT NULL DEFAULT '{}',
        starts_at timestamptz(3),
        ends_at timestamptz(3),
        usage_limit integer CHECK (usage_limit > 0),
        usage_limit_per_customer integer CHECK (usage_limit_per_customer > 0),
        -- Counted while there is a limit; the guard of "never more often than allowed".
        used integer NOT NULL DEFAULT 0 CHECK (used >= 0),
        enabled boolean NOT NULL DEFAULT true,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT promotions_within_limit CHECK (used <= usage_limit),
        CONSTRAINT promotions_value CHECK (
          (kind = 'PERCENT') = (percent_bp IS NOT NULL) AND (kind = 'FIXED_AMOUNT') = (amount_minor IS NOT NULL)),
        CONSTRAINT promotions_window CHECK (starts_at < ends_at)
      )`);
    await runner.query(`CREATE INDEX promotions_automatic ON promotions (id) WHERE code IS NULL AND enabled`);
    // One row per promotion and customer (an account's id, or a guest's address in lower case).
    await runner.query(`
      CREATE TABLE promotion_customers (
        promotion_id uuid NOT NULL REFERENCES promotions ON DELETE CASCADE,
        customer text NOT NULL,
        used integer NOT NULL CHECK (used >= 0),
        PRIMARY KEY (promotion_id, customer)
      )`);
    await runner.query(`
      CREATE TABLE promotion_redemptions (
        promotion_id uuid NOT NULL REFERENCES promotions ON DELETE CASCADE,
        order_id uuid NOT NULL,
        customer text NOT NULL,
        at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (promotion_id, order_id)
      )`);
    await runner.query(`CREATE INDEX promotion_redemptions_order ON promotion_redemptions (order_id)`);
  }

  private async pricing(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tax_rates (
        -- ISO 3166-1 alpha-2, or * for every country that has no row of its own.
        country text COLLATE "C" PRIMARY KEY CHECK (country = '*' OR country ~ '^[A-Z]{2}$'),
        name text NOT NULL,
        prices_include_tax boolean NOT NULL,
        standard_bp integer NOT NULL CHECK (standard_bp BETWEEN 0 AND 10000),
        reduced_bp integer NOT NULL CHECK (reduced_bp BETWEEN 0 AND 10000)
      )`);
    await runner.query(`
      CREATE TABLE shipping_methods (
        code text COLLATE "C" PRIMARY KEY,
        name text NOT NULL,
        -- Empty: to every country.
        countries text[] NOT NULL DEFAULT '{}',
        basis text NOT NULL CHECK (basis IN ('PRICE', 'WEIGHT')),
        -- [{"from": minor units or grams, "priceMinor": n or null when not offered}], ascending, the first from 0.
        bands jsonb NOT NULL,
        position integer NOT NULL
      )`);
    await runner.query(`
      INSERT INTO shipping_methods (code, name, basis, bands, position)
      VALUES ('standard', 'Standard delivery', 'PRICE', '[{"from": 0, "priceMinor": 0}]', 0)`);
  }
}
