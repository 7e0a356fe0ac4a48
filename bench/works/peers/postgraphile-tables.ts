import { orderWrites } from './order-writes.ts';

const WRITES = orderWrites({
  customer: `current_setting('jwt.claims.user_id')::uuid`,
  variants: 'line_variants',
  quantities: 'line_quantities',
  email: 'to_email',
  address: 'to_address',
});

/**
 * What users of PostGraphile add to the tables of the shop: indexes for their lists, whose conditions are parameters and so fit no partial
 * index, and functions for what is more than a table. An order is one function, as its guides advise for what must be one transaction.
 */
export const POSTGRAPHILE_TABLES: readonly string[] = [
  `CREATE INDEX bench_products_by_status ON products (status, created_at, id)`,
  `CREATE INDEX bench_products_of_category ON products (category_id, status, created_at, id)`,
  `CREATE INDEX bench_variants_of_product ON product_variants (product_id, position, id)`,
  `COMMENT ON COLUMN products.status IS '@behavior +filterBy'`,
  `COMMENT ON COLUMN product_variants.position IS '@behavior +orderBy'`,
  `CREATE FUNCTION current_shopper() RETURNS users LANGUAGE sql STABLE AS $$
     SELECT * FROM users WHERE id = nullif(current_setting('jwt.claims.user_id', true), '')::uuid $$`,
  `CREATE FUNCTION search_products(word text, min_minor bigint, max_minor bigint) RETURNS SETOF products LANGUAGE sql STABLE AS $$
     SELECT p.* FROM products p
     WHERE p.search @@ (to_tsquery('souk', word || ':*') || to_tsquery('simple', word || ':*')) AND p.status = 'ACTIVE'
       AND p.max_price_minor >= min_minor AND p.min_price_minor <= max_minor
       AND (p.min_price_minor >= min_minor OR p.max_price_minor <= max_minor OR EXISTS (
         SELECT FROM product_variants v WHERE v.product_id = p.id AND v.price_minor BETWEEN min_minor AND max_minor))
     ORDER BY p.min_price_minor, p.id $$`,
  `CREATE FUNCTION place_order(line_variants uuid[], line_quantities int[], to_email text, to_address jsonb) RETURNS orders
   LANGUAGE plpgsql VOLATILE AS $$
   DECLARE placed orders; BEGIN
     WITH ${WRITES}
     SELECT o.* INTO STRICT placed FROM o;
     RETURN placed;
   END $$`,
];
