import { wordArray } from './chance.ts';
import { BRANDS, COLOURS, MANNERS, MATERIALS, NOUNS, SENTENCES } from './words.ts';

/** Categories of the first, second and third level. Products are in those of the third. */
export const LEVELS = { roots: 8, branches: 32, leaves: 160 } as const;
const FIRST_BRANCH = LEVELS.roots + 1;
const FIRST_LEAF = FIRST_BRANCH + LEVELS.branches;
const LAST_LEAF = FIRST_LEAF + LEVELS.leaves - 1;
const BRANCHES_OF_ROOT = LEVELS.branches / LEVELS.roots;
const LEAVES_OF_BRANCH = LEVELS.leaves / LEVELS.branches;

const CATEGORIES = [
  `INSERT INTO categories (id, slug, name, description, parent_id, position, created_at, updated_at)
   SELECT pg_temp.id('category', n), lower(name) || '-' || n, name, pg_temp.pick(${wordArray(SENTENCES)}, n, 11),
     CASE WHEN n >= ${FIRST_LEAF} THEN pg_temp.id('category', ${FIRST_BRANCH} + (n - ${FIRST_LEAF}) / ${LEAVES_OF_BRANCH})
          WHEN n >= ${FIRST_BRANCH} THEN pg_temp.id('category', 1 + (n - ${FIRST_BRANCH}) / ${BRANCHES_OF_ROOT}) END,
     n, '2025-01-01', '2025-01-01'
   FROM generate_series(1, ${LAST_LEAF}) n, LATERAL (SELECT pg_temp.pick(${wordArray(NOUNS)}, n, 12) || 's' AS name) w`,
  `WITH RECURSIVE closure AS (
     SELECT id AS ancestor_id, id AS descendant_id, 0 AS depth FROM categories
     UNION ALL
     SELECT c.ancestor_id, d.id, c.depth + 1 FROM closure c JOIN categories d ON d.parent_id = c.descendant_id
   )
   INSERT INTO category_closure SELECT * FROM closure`,
];

const SIZES = ['Small', 'Medium', 'Large'];

const DESCRIPTION = [24, 25, 26].map((salt) => `pg_temp.pick(${wordArray(SENTENCES)}, n, ${salt})`).join(` || ' ' || `);

const PRODUCTS = `INSERT INTO products (id, slug, name, description, status, category_id, attributes, images, min_price_minor,
    max_price_minor, in_stock, skus, units_sold, created_at, updated_at)
  SELECT pg_temp.id('product', n), lower(replace(name, ' ', '-')), name, ${DESCRIPTION},
    CASE WHEN active THEN 'ACTIVE' ELSE 'DRAFT' END, pg_temp.id('category', ${FIRST_LEAF} + pg_temp.dice(n, 31, ${LEVELS.leaves})),
    jsonb_build_object('Brand', pg_temp.pick(${wordArray(BRANDS)}, n, 32), 'Colour', pg_temp.pick(${wordArray(COLOURS)}, n, 33),
      'Material', material),
    (SELECT jsonb_agg(jsonb_build_object('url', 'https://images.example.com/products/' || n || '/' || i || '.jpg',
       'alt', name || ', picture ' || i)) FROM generate_series(1, 3) i),
    v.min, v.max, v.in_stock, v.skus, coalesce(s.units, 0), at, at
  FROM (
    SELECT n, active, min(price) AS min, max(price) AS max, bool_or(stock > 0) AS in_stock, string_agg(sku, ' ' ORDER BY k) AS skus
    FROM made_variants GROUP BY n, active
  ) v LEFT JOIN (SELECT product, sum(quantity) AS units FROM made_lines GROUP BY product) s ON s.product = n,
    LATERAL (SELECT pg_temp.pick(${wordArray(MATERIALS)}, n, 34) AS material) m,
    LATERAL (SELECT pg_temp.pick(${wordArray(MANNERS)}, n, 35) || ' ' || material || ' '
      || pg_temp.pick(${wordArray(NOUNS)}, n, 36) || ' ' || n AS name) w,
    LATERAL (SELECT '2025-01-01'::timestamptz + n * interval '53 seconds' AS at) t
  ORDER BY n`;

const SHELVES = [
  `INSERT INTO product_variants (id, product_id, sku, title, options, price_minor, compare_at_minor, currency, position, weight_grams,
     created_at, updated_at)
   SELECT pg_temp.id('variant', v), pg_temp.id('product', n), sku, CASE count WHEN 1 THEN 'Default' ELSE size END,
     CASE count WHEN 1 THEN '[]' ELSE jsonb_build_array(jsonb_build_object('name', 'Size', 'value', size)) END,
     price, CASE WHEN pg_temp.dice(n, 41, 4) = 0 THEN price * 5 / 4 END, 'GBP', k - 1, 100 + pg_temp.dice(n, 42, 5000),
     '2025-01-01', '2025-01-01'
   FROM made_variants, LATERAL (SELECT (${wordArray(SIZES)})[k] AS size) s ORDER BY v`,
  `INSERT INTO stock_levels (variant_id, on_hand)
   SELECT pg_temp.id('variant', v), stock - coalesce(units, 0)
   FROM made_variants LEFT JOIN (SELECT v, sum(quantity) AS units FROM made_lines GROUP BY v) s USING (v) ORDER BY v`,
  `INSERT INTO stock_movements (id, variant_id, delta, on_hand_after, reason, at)
   SELECT pg_temp.id('arrival', v), pg_temp.id('variant', v), stock, stock, 'INITIAL', '2025-01-01'
   FROM made_variants WHERE stock > 0 ORDER BY v`,
];

/** Categories, products with their variants, and the stock that sales have left. */
export const CATALOGUE: readonly string[] = [...CATEGORIES, PRODUCTS, ...SHELVES];
