import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Categories, products with their variants, and stock. */
export class Catalogue1763800000002 implements MigrationInterface {
  name = 'Catalogue1763800000002';

  async up(runner: QueryRunner): Promise<void> {
    await this.search(runner);
    await this.categories(runner);
    await this.products(runner);
    await this.stock(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE stock_movements, stock_levels, product_variants, products, category_closure, categories`,
    );
    await runner.query(`DROP FUNCTION variant_choices`);
    await runner.query(`DROP TEXT SEARCH CONFIGURATION souk`);
  }

  private async search(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm`);
    await runner.query(`CREATE EXTENSION IF NOT EXISTS unaccent`);
    await runner.query(`CREATE EXTENSION IF NOT EXISTS fuzzystrmatch`);
    await runner.query(`CREATE TEXT SEARCH CONFIGURATION souk (COPY = pg_catalog.english)`);
    await runner.query(`
      ALTER TEXT SEARCH CONFIGURATION souk ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem`);
  }

  private async categories(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE categories (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        slug text COLLATE "C" NOT NULL CONSTRAINT categories_slug_unique UNIQUE,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        parent_id uuid CONSTRAINT categories_parent REFERENCES categories,
        position integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX categories_parent_position ON categories (parent_id, position, id)`);
    // Every category is its own ancestor at depth 0.
    await runner.query(`
      CREATE TABLE category_closure (
        ancestor_id uuid NOT NULL REFERENCES categories ON DELETE CASCADE,
        descendant_id uuid NOT NULL REFERENCES categories ON DELETE CASCADE,
        depth integer NOT NULL CHECK (depth >= 0),
        PRIMARY KEY (ancestor_id, descendant_id)
      )`);
    await runner.query(`CREATE INDEX category_closure_descendant ON category_closure (descendant_id, depth)`);
  }

  private async products(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE products (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        slug text COLLATE "C" NOT NULL CONSTRAINT products_slug_unique UNIQUE,
        name text NOT NULL,
        description text NOT NULL DEFAULT '',
        status text NOT NULL CHECK (status IN ('DRAFT', 'ACTIVE', 'ARCHIVED')),
        category_id uuid CONSTRAINT products_category REFERENCES categories,
        attributes jsonb NOT NULL DEFAULT '{}',
        images jsonb NOT NULL DEFAULT '[]',
        created_by uuid REFERENCES users ON DELETE SET NULL,
        units_sold bigint NOT NULL DEFAULT 0,
        -- Summary of the variants and their stock, written whenever those change.
        min_price_minor bigint,
        max_price_minor bigint,
        in_stock boolean NOT NULL DEFAULT false,
        skus text NOT NULL DEFAULT '',
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        search tsvector NOT NULL GENERATED ALWAYS AS (
          setweight(to_tsvector('souk', name), 'A')
          || setweight(to_tsvector('simple', regexp_replace(skus, '[^[:alnum:]]+', ' ', 'g')), 'A')
          || setweight(to_tsvector('souk', attributes), 'B')
          || setweight(to_tsvector('souk', description), 'D')
        ) STORED
      )`);
    await runner.query(`CREATE INDEX products_search ON products USING gin (search)`);
    await runner.query(`CREATE INDEX products_name_trigrams ON products USING gin (lower(name) gin_trgm_ops)`);
    await runner.query(`CREATE INDEX products_attributes ON products USING gin (attributes jsonb_path_ops)`);
    await runner.query(`CREATE INDEX products_by_name ON products (lower(name), id)`);
    await runner.query(`CREATE INDEX products_by_price ON products (coalesce(min_price_minor, 9007199254740991), id)`);
    await runner.query(`CREATE INDEX products_by_sales ON products (units_sold, id)`);
    await runner.query(`CREATE INDEX products_by_age ON products (created_at, id)`);
    await runner.query(`CREATE INDEX products_of_category ON products (category_id, lower(name), id)`);
    await runner.query(`CREATE INDEX products_created_by ON products (created_by)`);
    await runner.query(`
      CREATE TABLE product_variants (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
        sku text NOT NULL CONSTRAINT product_variants_sku_unique UNIQUE,
        title text NOT NULL,
        options jsonb NOT NULL DEFAULT '[]',
        price_minor bigint NOT NULL CONSTRAINT product_variants_price CHECK (price_minor >= 0),
        compare_at_minor bigint CHECK (compare_at_minor >= 0),
        currency text NOT NULL,
        position integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    // The same choices in another order are the same; hashed, because an index entry holds 2.7 kB at most.
    await runner.query(`
      CREATE FUNCTION variant_choices(options jsonb) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
      RETURN (SELECT md5(coalesce(jsonb_agg(o ORDER BY o ->> 'name' COLLATE "C"), '[]')::text) FROM jsonb_array_elements(options) o)`);
    await runner.query(
      `CREATE UNIQUE INDEX product_variants_options_unique ON product_variants (product_id, variant_choices(options))`,
    );
  }

  private async stock(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE stock_levels (
        variant_id uuid PRIMARY KEY REFERENCES product_variants ON DELETE CASCADE,
        on_hand integer NOT NULL CONSTRAINT stock_on_hand_not_negative CHECK (on_hand >= 0),
        reserved integer NOT NULL DEFAULT 0 CONSTRAINT stock_reserved_on_hand CHECK (reserved >= 0 AND reserved <= on_hand)
      )`);
    await runner.query(`
      CREATE TABLE stock_movements (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        variant_id uuid NOT NULL REFERENCES product_variants ON DELETE CASCADE,
        delta integer NOT NULL CHECK (delta <> 0),
        on_hand_after integer NOT NULL,
        reason text NOT NULL,
        note text,
        actor_id uuid REFERENCES users ON DELETE SET NULL,
        at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX stock_movements_variant ON stock_movements (variant_id, id)`);
    await runner.query(`CREATE INDEX stock_movements_actor ON stock_movements (actor_id)`);
  }
}
