/** What is in the shop. All counts but those of the categories grow with the scale. */
export interface Counts {
  products: number;
  accounts: number;
  /** Accounts that buy much: twelve times each. The others buy twice. */
  regulars: number;
  orders: number;
}

const ORDERS_OF_REGULAR = 12;

/** @param scale 1 for 10,000 products */
export function countsOf(scale: number): Counts {
  return { products: 10_000 * scale, accounts: 5_000 * scale, regulars: 1_000 * scale, orders: 20_000 * scale };
}

/** Units of each variant in the beginning: more than any measurement can sell. */
export const FIRST_STOCK = 1_000_000;

// Two products of five have three sizes; one variant of thirty is sold out; one product of fifty is not shown yet.
const variants = ({ products }: Counts): string => `CREATE TEMPORARY TABLE made_variants AS
  SELECT row_number() OVER (ORDER BY n, k) AS v, n, k, count,
    500 + pg_temp.dice(n, 21, 20000) + (k - 1) * 250 AS price,
    CASE WHEN pg_temp.dice(n * 4 + k, 22, 30) = 0 THEN 0 ELSE ${FIRST_STOCK} END AS stock,
    'SKU-' || lpad(n::text, 7, '0') || '-' || k AS sku, pg_temp.dice(n, 30, 50) > 0 AS active
  FROM generate_series(1, ${products}) n, LATERAL (SELECT CASE WHEN pg_temp.dice(n, 23, 5) < 2 THEN 3 ELSE 1 END AS count) c,
    LATERAL generate_series(1, count) k`;

// One order of ten is on account and waits for its money.
const orders = ({ accounts, regulars, orders: count }: Counts): string => `CREATE TEMPORARY TABLE made_orders AS
  SELECT n, CASE WHEN n <= ${regulars * ORDERS_OF_REGULAR} THEN 1 + (n - 1) % ${regulars}
      ELSE ${regulars + 1} + (n - 1) % ${accounts - regulars} END AS customer,
    1 + pg_temp.dice(n, 51, 4) AS lines, pg_temp.dice(n, 52, 10) > 0 AS done,
    '2025-07-01'::timestamptz + n * interval '3 minutes' AS at
  FROM generate_series(1, ${count}) n`;

const FOR_SALE = `CREATE TEMPORARY TABLE for_sale AS
  SELECT row_number() OVER (ORDER BY v) - 1 AS place, v, n AS product, sku, price FROM made_variants WHERE active AND stock > 0`;

const LINES = `CREATE TEMPORARY TABLE made_lines AS
  SELECT row_number() OVER (ORDER BY o.n, o.i) AS l, o.n, o.i, o.at, s.v, s.product, s.sku, s.price,
    1 + pg_temp.dice(o.n * 8 + o.i, 54, 3) AS quantity
  FROM (
    SELECT n, i, at, (pg_temp.dice(n, 53, 2000000000) + i * 7919) % (SELECT count(*) FROM for_sale) AS place
    FROM made_orders CROSS JOIN LATERAL generate_series(1, lines) i
  ) o JOIN for_sale s USING (place)`;

/** Draws variants, orders and their lines by lot, into tables of the session. */
export function draw(counts: Counts): readonly string[] {
  return [variants(counts), FOR_SALE, 'ANALYZE for_sale', orders(counts), LINES, 'ANALYZE made_variants, made_lines'];
}
