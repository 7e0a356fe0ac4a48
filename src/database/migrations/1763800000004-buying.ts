import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Carts, reservations, orders and payments. */
export class Buying1763800000004 implements MigrationInterface {
  name = 'Buying1763800000004';

  async up(runner: QueryRunner): Promise<void> {
    await this.reservations(runner);
    await this.carts(runner);
    await this.orders(runner);
    await this.fulfillments(runner);
    await this.payments(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE payment_notices, refunds, payments, fulfillment_lines, fulfillments, order_history`);
    await runner.query(`DROP TABLE order_sales, order_lines, orders, cart_lines, carts, stock_reservations`);
    await runner.query(`ALTER TABLE stock_movements DROP holder_id`);
    await runner.query(`DROP FUNCTION order_number`);
  }

  private async reservations(runner: QueryRunner): Promise<void> {
    // The sum over a variant is its reserved units. A variant that is promised to somebody cannot be deleted.
    await runner.query(`
      CREATE TABLE stock_reservations (
        holder_id uuid NOT NULL,
        variant_id uuid NOT NULL CONSTRAINT stock_reservations_variant REFERENCES product_variants,
        quantity integer NOT NULL CHECK (quantity > 0),
        expires_at timestamptz(3) NOT NULL,
        PRIMARY KEY (holder_id, variant_id)
      )`);
    await runner.query(`CREATE INDEX stock_reservations_by_expiry ON stock_reservations (expires_at)`);
    await runner.query(`CREATE INDEX stock_reservations_of_variant ON stock_reservations (variant_id)`);
    // Which order units were sold to, or came back from.
    await runner.query(`ALTER TABLE stock_movements ADD holder_id uuid`);
    await runner.query(
      `CREATE INDEX stock_movements_holder ON stock_movements (holder_id) WHERE holder_id IS NOT NULL`,
    );
  }

  private async carts(runner: QueryRunner): Promise<void> {
    // Who knows the id of a guest's cart may use it, so it is wholly random and not made from the time.
    await runner.query(`
      CREATE TABLE carts (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        customer_id uuid REFERENCES users ON DELETE CASCADE,
        email text,
        shipping_address jsonb,
        billing_address jsonb,
        shipping_method text,
        coupons text[] NOT NULL DEFAULT '{}' CHECK (cardinality(coupons) <= 5),
        -- Set when the cart is ordered; from then on it stays as it is.
        order_id uuid CONSTRAINT carts_order_unique UNIQUE,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        expires_at timestamptz(3) NOT NULL
      )`);
    await runner.query(`CREATE UNIQUE INDEX carts_open_of_customer ON carts (customer_id) WHERE order_id IS NULL`);
    await runner.query(`CREATE INDEX carts_by_expiry ON carts (expires_at)`);
    await runner.query(`
      CREATE TABLE cart_lines (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        cart_id uuid NOT NULL REFERENCES carts ON DELETE CASCADE,
        variant_id uuid NOT NULL REFERENCES product_variants ON DELETE CASCADE,
        quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 999),
        CONSTRAINT cart_lines_variant_once UNIQUE (cart_id, variant_id)
      )`);
    await runner.query(`CREATE INDEX cart_lines_variant ON cart_lines (variant_id)`);
  }

  private async orders(runner: QueryRunner): Promise<void> {
    // 48 random bits: a number cannot be guessed, and tells nobody how many orders there are.
    await runner.query(`
      CREATE FUNCTION order_number() RETURNS text LANGUAGE sql VOLATILE
      RETURN (SELECT upper(substr(h, 1, 4) || '-' || substr(h, 5, 4) || '-' || substr(h, 9, 4))
              FROM replace(gen_random_uuid()::text, '-', '') AS h)`);
    await runner.query(`
      CREATE TABLE orders (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        number text COLLATE "C" NOT NULL DEFAULT order_number() CONSTRAINT orders_number_unique UNIQUE,
        state text NOT NULL CHECK (state IN
          ('PENDING_PAYMENT', 'PAID', 'FULFILLED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED')),
        customer_id uuid REFERENCES users ON DELETE SET NULL,
        -- NULL only for imported orders.
        email text,
        currency text NOT NULL,
        subtotal_minor bigint NOT NULL CHECK (subtotal_minor >= 0),
        discount_minor bigint NOT NULL CHECK (discount_minor >= 0),
        shipping_minor bigint NOT NULL CHECK (shipping_minor >= 0),
        tax_minor bigint NOT NULL CHECK (tax_minor >= 0),
        total_minor bigint NOT NULL CHECK (total_minor >= 0),
        tax_included boolean NOT NULL,
        paid_minor bigint NOT NULL DEFAULT 0,
        refunded_minor bigint NOT NULL DEFAULT 0,
        shipping_address jsonb,
        billing_address jsonb,
        shipping_method jsonb,
        discounts jsonb NOT NULL DEFAULT '[]',
        -- The goods go before the money comes: invoice, cash on delivery.
        on_account boolean NOT NULL DEFAULT false,
        cart_id uuid CONSTRAINT orders_cart_unique UNIQUE,
        -- What another system called the customer, of an imported order.
        customer_reference text,
        placed_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        version integer NOT NULL DEFAULT 1,
        CONSTRAINT orders_total_adds_up CHECK (total_minor =
          subtotal_minor - discount_minor + shipping_minor + CASE WHEN tax_included THEN 0 ELSE tax_minor END),
        CONSTRAINT orders_paid_within_total CHECK (paid_minor BETWEEN 0 AND total_minor),
        CONSTRAINT orders_refunded_within_paid CHECK (refunded_minor BETWEEN 0 AND paid_minor)
      )`);
    await runner.query(`CREATE INDEX orders_by_age ON orders (placed_at, id)`);
    await runner.query(`CREATE INDEX orders_by_state ON orders (state, placed_at, id)`);
    await runner.query(`CREATE INDEX orders_of_customer ON orders (customer_id, placed_at, id)`);
    await runner.query(`
      CREATE INDEX orders_of_reference ON orders (customer_reference, placed_at, id) WHERE customer_reference IS NOT NULL`);
    await runner.query(`
      CREATE INDEX orders_text_trigrams ON orders
      USING gin (lower(number || ' ' || coalesce(email, '') || ' ' || coalesce(customer_reference, '')) gin_trgm_ops)`);
    await runner.query(`
      CREATE TABLE order_lines (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        position integer NOT NULL,
        variant_id uuid REFERENCES product_variants ON DELETE SET NULL,
        product_id uuid REFERENCES products ON DELETE SET NULL,
        sku text NOT NULL,
        product_name text NOT NULL,
        variant_title text NOT NULL,
        unit_price_minor bigint NOT NULL CHECK (unit_price_minor >= 0),
        quantity integer NOT NULL CHECK (quantity > 0),
        discount_minor bigint NOT NULL DEFAULT 0,
        tax_bp integer NOT NULL DEFAULT 0,
        tax_minor bigint NOT NULL DEFAULT 0,
        -- Units packed, units whose money goes back, and how many of those were never packed.
        fulfilled integer NOT NULL DEFAULT 0,
        refunded integer NOT NULL DEFAULT 0,
        unsent integer NOT NULL DEFAULT 0,
        CONSTRAINT order_lines_position UNIQUE (order_id, position),
        CONSTRAINT order_lines_discount CHECK (discount_minor BETWEEN 0 AND unit_price_minor * quantity),
        CONSTRAINT order_lines_fulfilled CHECK (fulfilled >= 0 AND fulfilled + unsent <= quantity),
        CONSTRAINT order_lines_refunded CHECK (refunded BETWEEN 0 AND quantity),
        CONSTRAINT order_lines_unsent CHECK (unsent BETWEEN 0 AND refunded)
      )`);
    await runner.query(`CREATE INDEX order_lines_variant ON order_lines (variant_id)`);
    await runner.query(`CREATE INDEX order_lines_product ON order_lines (product_id)`);
    // Up to which event the sales are counted into their products.
    await runner.query(
      `CREATE TABLE order_sales (one boolean PRIMARY KEY DEFAULT true CHECK (one), pos bigint NOT NULL)`,
    );
    await runner.query(`INSERT INTO order_sales (pos) SELECT last_pos FROM event_state`);
  }

  private async fulfillments(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE order_history (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        from_state text NOT NULL,
        to_state text NOT NULL,
        what text NOT NULL,
        reason text,
        actor_id uuid REFERENCES users ON DELETE SET NULL,
        at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX order_history_order ON order_history (order_id, id)`);
    await runner.query(`
      CREATE TABLE fulfillments (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        state text NOT NULL CHECK (state IN ('PACKED', 'SHIPPED', 'DELIVERED')),
        carrier text,
        tracking_number text,
        tracking_url text,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        shipped_at timestamptz(3),
        delivered_at timestamptz(3)
      )`);
    await runner.query(`CREATE INDEX fulfillments_order ON fulfillments (order_id, id)`);
    await runner.query(`
      CREATE TABLE fulfillment_lines (
        fulfillment_id uuid NOT NULL REFERENCES fulfillments ON DELETE CASCADE,
        order_line_id uuid NOT NULL REFERENCES order_lines ON DELETE CASCADE,
        quantity integer NOT NULL CHECK (quantity > 0),
        PRIMARY KEY (fulfillment_id, order_line_id)
      )`);
  }

  private async payments(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payments (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        provider text NOT NULL,
        state text NOT NULL CHECK (state IN ('PENDING', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'CANCELLED')),
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        captured_minor bigint NOT NULL DEFAULT 0,
        refunded_minor bigint NOT NULL DEFAULT 0,
        currency text NOT NULL,
        -- What the provider calls it.
        reference text,
        -- Passed on to the provider with every call, so that none takes effect twice.
        idempotency_key text NOT NULL,
        -- What the client gave for the provider, and what the provider wants the client to do next.
        token text,
        next_action jsonb,
        failure text,
        -- When to ask the provider again; NULL when there is nothing to ask.
        attempt_at timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now(),
        CONSTRAINT payments_captured_within_amount CHECK (captured_minor BETWEEN 0 AND amount_minor),
        CONSTRAINT payments_refunded_within_captured CHECK (refunded_minor BETWEEN 0 AND captured_minor)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX payments_one_active ON payments (order_id) WHERE state IN ('PENDING', 'AUTHORIZED', 'CAPTURED')`);
    await runner.query(`CREATE INDEX payments_order ON payments (order_id, id)`);
    await runner.query(`CREATE UNIQUE INDEX payments_reference ON payments (provider, reference)`);
    await runner.query(`CREATE INDEX payments_to_do ON payments (attempt_at) WHERE attempt_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE refunds (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        payment_id uuid NOT NULL REFERENCES payments ON DELETE CASCADE,
        order_id uuid NOT NULL REFERENCES orders ON DELETE CASCADE,
        amount_minor bigint NOT NULL CHECK (amount_minor > 0),
        state text NOT NULL CHECK (state IN ('PENDING', 'SUCCEEDED', 'FAILED')),
        reason text,
        reference text,
        failure text,
        actor_id uuid REFERENCES users ON DELETE SET NULL,
        attempt_at timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        -- How often staff began it anew, each time under another key, and since when that one is asked.
        round integer NOT NULL DEFAULT 0,
        asked_since timestamptz(3) NOT NULL DEFAULT now(),
        created_at timestamptz(3) NOT NULL DEFAULT now(),
        updated_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`CREATE INDEX refunds_order ON refunds (order_id, id)`);
    await runner.query(`CREATE INDEX refunds_payment ON refunds (payment_id)`);
    await runner.query(`CREATE INDEX refunds_to_do ON refunds (attempt_at) WHERE attempt_at IS NOT NULL`);
    // What a provider has told; it may tell the same thing more than once.
    await runner.query(`
      CREATE TABLE payment_notices (
        provider text NOT NULL,
        notice_id text NOT NULL,
        received_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (provider, notice_id)
      )`);
  }
}
