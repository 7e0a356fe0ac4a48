import type { Shop } from './shop.js';

/** What is in a large shop. */
export interface LargeShop {
  products: number;
  /** Half as many, each with three lines. */
  accounts: number;
}

const CATEGORIES = `
  WITH made AS (
    INSERT INTO categories (slug, name, parent_id, position)
    SELECT 'large-' || n, 'Large ' || n, $1::uuid, n FROM generate_series(1, 20) n RETURNING id
  )
  INSERT INTO category_closure
  SELECT id, id, 0 FROM made
  UNION ALL SELECT c.ancestor_id, made.id, c.depth + 1 FROM made, category_closure c WHERE c.descendant_id = $1`;

const PRODUCTS = `
  WITH made AS (
    INSERT INTO products (slug, name, status, category_id, attributes, images, min_price_minor, max_price_minor, in_stock, skus,
      units_sold, created_at)
    SELECT 'large-' || n, 'Large thing ' || n % 97, CASE n % 50 WHEN 0 THEN 'DRAFT' ELSE 'ACTIVE' END, c.ids[1 + n % cardinality(c.ids)],
      jsonb_build_object('Colour', 'shade ' || n % 7), '[{"url": "https://shop.example/a.jpg", "alt": "A"}]', 1000 + n % 977, 1000 + n % 977,
      true, '', n % 31, now() - n * interval '1 minute'
    FROM generate_series(1, $1::int) n, (SELECT array_agg(id) AS ids FROM categories) c
    RETURNING id, min_price_minor
  ), variants AS (
    INSERT INTO product_variants (product_id, sku, title, price_minor, currency)
    SELECT id, 'L-' || id, 'Default', min_price_minor, 'GBP' FROM made RETURNING id
  ), stocked AS (
    INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason) SELECT id, 5, 5, 'INITIAL' FROM variants
  )
  INSERT INTO stock_levels (variant_id, on_hand) SELECT id, 5 FROM variants`;

const ACCOUNTS = `INSERT INTO users (email, name, password_hash, roles, created_at)
  SELECT 'large' || n || '@example.com', 'Large ' || n, '-', '{USER}', now() - n * interval '1 minute' FROM generate_series(1, $1::int) n`;

const ORDERS = `
  WITH goods AS (
    SELECT row_number() OVER () - 1 AS place, v.id, v.product_id, v.sku, v.price_minor FROM product_variants v LIMIT 3000
  ), made AS (
    INSERT INTO orders (state, customer_id, email, currency, subtotal_minor, discount_minor, shipping_minor, tax_minor, total_minor,
      tax_included, placed_at)
    SELECT 'CANCELLED', u.id, u.email, 'GBP', 3000, 0, 0, 0, 3000, true, now() - row_number() OVER () * interval '1 minute'
    FROM (SELECT id, email FROM users ORDER BY id LIMIT $1::int / 8) u, generate_series(1, 4) RETURNING id
  )
  INSERT INTO order_lines (order_id, position, variant_id, product_id, sku, product_name, variant_title, unit_price_minor, quantity)
  SELECT o.id, i, g.id, g.product_id, g.sku, 'Large thing', 'Default', 1000, 1
  FROM (SELECT id, row_number() OVER () AS n FROM made) o, generate_series(0, 2) i JOIN goods g ON TRUE
  WHERE g.place = (o.n * 7 + i) % 3000`;

/** Fills a shop by statements, in seconds, and lets PostgreSQL look at what it holds. @param below the category that the others are in */
export async function fillLarge({ database }: Shop, { products, accounts }: LargeShop, below: string): Promise<void> {
  await database.query('test.categories', CATEGORIES, [below]);
  await database.query('test.products', PRODUCTS, [products]);
  await database.query('test.accounts', ACCOUNTS, [accounts]);
  await database.query('test.orders', ORDERS, [accounts]);
  await database.query('test.analyze', 'ANALYZE');
}
