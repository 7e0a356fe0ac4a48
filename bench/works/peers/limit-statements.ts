import type { Kind } from '../work.ts';
import { orderWrites } from './order-writes.ts';

const LINK = (c: string): string => `json_build_object('id', ${c}.id, 'slug', ${c}.slug, 'name', ${c}.name)`;
const PARENT_LINK = `json_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'parent', ${LINK('u')})`;

/** A product `p` in a list. */
const card = (
  category: string,
): string => `json_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'inStock', p.in_stock,
  'images', p.images, 'priceRange', json_build_object('min', p.min_price_minor, 'max', p.max_price_minor), 'category', ${category})`;

const COLUMNS =
  'p.id, p.slug, p.name, p.in_stock, p.images, p.min_price_minor, p.max_price_minor, p.category_id, p.created_at';
const NEWEST = 'ORDER BY p.created_at DESC, p.id DESC';

/** A page of `products`, of which one more was fetched than `first` (a placeholder). */
const page = (products: string, first: string, parent = false): string => `WITH page AS (
    SELECT p.*, row_number() OVER (${NEWEST}) AS n FROM (${products}) p
  )
  SELECT json_build_object(
    'nodes', (SELECT coalesce(json_agg(${card(parent ? PARENT_LINK : LINK('c'))} ORDER BY p.n), '[]') FROM page p
      JOIN categories c ON c.id = p.category_id ${parent ? 'LEFT JOIN categories u ON u.id = c.parent_id' : ''} WHERE p.n <= ${first}),
    'pageInfo', (SELECT json_build_object('hasNextPage', count(*) > ${first},
      'endCursor', (SELECT p.created_at || '|' || p.id FROM page p WHERE p.n <= ${first} ORDER BY p.n DESC LIMIT 1)) FROM page)
  )::text AS json`;

const LINE = `json_build_object('id', l.id, 'sku', l.sku, 'productName', l.product_name, 'variantTitle', l.variant_title,
  'quantity', l.quantity, 'unitPrice', l.unit_price_minor, 'discount', l.discount_minor,
  'lineTotal', l.unit_price_minor * l.quantity - l.discount_minor, 'variant', json_build_object('id', l.variant_id,
    'product', json_build_object('id', p.id, 'slug', p.slug, 'images', p.images)))`;

const orderJson = (
  o: string,
  lines: string,
): string => `json_build_object('id', ${o}.id, 'number', ${o}.number, 'state', ${o}.state,
  'placedAt', ${o}.placed_at, 'email', ${o}.email, 'subtotal', ${o}.subtotal_minor, 'discountTotal', ${o}.discount_minor,
  'shippingTotal', ${o}.shipping_minor, 'taxTotal', ${o}.tax_minor, 'total', ${o}.total_minor, 'lines', ${lines})`;

/** One statement for each kind of request; its parameters are made in limit-server.ts. */
export const LIMIT_STATEMENTS: Readonly<Record<Kind, string>> = {
  productPage: `SELECT json_build_object('id', p.id, 'slug', p.slug, 'name', p.name, 'description', p.description,
      'inStock', p.in_stock, 'images', p.images, 'attributes', p.attributes,
      'priceRange', json_build_object('min', p.min_price_minor, 'max', p.max_price_minor),
      'variants', (SELECT coalesce(json_agg(json_build_object('id', v.id, 'sku', v.sku, 'title', v.title,
          'inStock', s.on_hand > s.reserved, 'availableQuantity', s.on_hand - s.reserved, 'selectedOptions', v.options,
          'price', v.price_minor, 'compareAtPrice', v.compare_at_minor) ORDER BY v.position, v.id), '[]')
        FROM product_variants v JOIN stock_levels s ON s.variant_id = v.id WHERE v.product_id = p.id),
      'category', json_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'ancestors', (
        SELECT coalesce(json_agg(${LINK('a')} ORDER BY cc.depth DESC), '[]') FROM category_closure cc JOIN categories a ON a.id = cc.ancestor_id
        WHERE cc.descendant_id = c.id AND cc.depth > 0)))::text AS json
    FROM products p LEFT JOIN categories c ON c.id = p.category_id WHERE p.slug = $1 AND p.status = 'ACTIVE'`,
  categoryList: page(
    `SELECT ${COLUMNS} FROM products p WHERE p.status = 'ACTIVE' AND p.category_id = $1
      AND (p.created_at, p.id) < ($2::timestamptz, $3::uuid) ${NEWEST} LIMIT $4::int + 1`,
    '$4',
  ),
  deepList: page(
    `SELECT ${COLUMNS} FROM products p WHERE p.status = 'ACTIVE'
      AND (p.created_at, p.id) < ($1::timestamptz, $2::uuid) ${NEWEST} LIMIT $3::int + 1`,
    '$3',
    true,
  ),
  skippedList: page(
    `SELECT ${COLUMNS} FROM products p WHERE p.status = 'ACTIVE' ${NEWEST} LIMIT $2::int + 1 OFFSET $1::int`,
    '$2',
    true,
  ),
  search: `WITH found AS MATERIALIZED (
      SELECT p.id, p.min_price_minor AS price FROM products p
      WHERE p.search @@ (to_tsquery('souk', $1) || to_tsquery('simple', $1)) AND p.status = 'ACTIVE'
        AND p.max_price_minor >= $2::bigint AND p.min_price_minor <= $3::bigint
        AND (p.min_price_minor >= $2 OR p.max_price_minor <= $3 OR EXISTS (
          SELECT FROM product_variants v WHERE v.product_id = p.id AND v.price_minor BETWEEN $2 AND $3))
    ), page AS (SELECT id, row_number() OVER (ORDER BY price, id) AS n FROM found ORDER BY price, id LIMIT $4)
    SELECT json_build_object('totalCount', (SELECT count(*) FROM found),
      'nodes', (SELECT coalesce(json_agg(${card(LINK('c'))} ORDER BY page.n), '[]') FROM page
        JOIN products p USING (id) JOIN categories c ON c.id = p.category_id),
      'pageInfo', json_build_object('hasNextPage', (SELECT count(*) FROM found) > $4,
        'endCursor', (SELECT id FROM page ORDER BY n DESC LIMIT 1)))::text AS json`,
  myOrders: `WITH page AS (
      SELECT o.*, row_number() OVER (ORDER BY o.placed_at DESC, o.id DESC) AS n FROM (
        SELECT * FROM orders o WHERE o.customer_id = $1 ORDER BY o.placed_at DESC, o.id DESC LIMIT $2::int + 1) o
    )
    SELECT json_build_object('id', $1::uuid, 'orders', json_build_object(
      'nodes', (SELECT coalesce(json_agg(${orderJson(
        'o',
        `(SELECT json_agg(${LINE} ORDER BY l.position) FROM order_lines l LEFT JOIN products p ON p.id = l.product_id WHERE l.order_id = o.id)`,
      )} ORDER BY o.n), '[]') FROM page o WHERE o.n <= $2),
      'pageInfo', (SELECT json_build_object('hasNextPage', count(*) > $2,
        'endCursor', (SELECT placed_at || '|' || id FROM page WHERE n <= $2 ORDER BY n DESC LIMIT 1)) FROM page)))::text AS json`,
  order: `WITH ${orderWrites({ customer: '$1::uuid', variants: '$2::uuid[]', quantities: '$3::int[]', email: '$4::text', address: '$5::jsonb' })}
    SELECT json_build_object(
      'order', ${orderJson(
        'o',
        `(SELECT json_agg(${LINE} ORDER BY l.position) FROM l JOIN wanted p ON p.variant_id = l.variant_id)`.replaceAll(
          'p.id',
          'p.product_id',
        ),
      )},
      'payment', json_build_object('id', paid.id, 'provider', paid.provider, 'state', paid.state, 'amount', paid.amount_minor)
    )::text AS json FROM o, paid`,
  branch: `SELECT json_build_object('id', b.id, 'slug', b.slug, 'name', b.name, 'children', (
      SELECT coalesce(json_agg(json_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'products', (
        SELECT json_build_object(
          'nodes', coalesce(json_agg(${card(LINK('c'))} ${NEWEST}) FILTER (WHERE p.n <= $3), '[]'),
          'pageInfo', json_build_object('hasNextPage', count(*) > $3,
            'endCursor', (array_agg(p.created_at || '|' || p.id ORDER BY p.n))[least(count(*), $3)]))
        FROM (SELECT p.*, row_number() OVER (${NEWEST}) AS n FROM (
            SELECT ${COLUMNS} FROM products p WHERE p.status = 'ACTIVE' AND p.category_id = c.id ${NEWEST} LIMIT $3::int + 1 OFFSET $2::int) p) p
      )) ORDER BY c.position, c.id), '[]') FROM categories c WHERE c.parent_id = b.id))::text AS json
    FROM categories b WHERE b.slug = $1`,
};

/** What these statements need beside the tables of the shop. */
export const LIST_INDEXES: readonly string[] = [
  `CREATE INDEX bench_products_of_category ON products (category_id, created_at, id) WHERE status = 'ACTIVE'`,
];
