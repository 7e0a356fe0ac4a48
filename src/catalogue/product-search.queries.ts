import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Db } from '../database/db.js';
import { keysetWindow, pageOf, type KeysetSort, type Page, type PageRequest } from '../database/keyset.js';
import { PRODUCT_COLUMNS, visible, type Sight } from '../products/products.columns.js';
import { ProductConditions } from './product-conditions.js';
import type { ProductFilter } from './catalogue.inputs.js';
import type { ListedProduct } from './product-list.queries.js';
import type { ProductRow } from '../products/product.type.js';
import { toPrefixQuery, wordsOf } from './search-text.js';

/** What is looked for, by whom. */
export interface ProductSearch {
  text: string;
  filter: ProductFilter | null | undefined;
  sight: Sight;
}

/** What a search found, counted by what it could be narrowed to. Prices in minor units. */
export interface FacetRow {
  categories: { id: string; count: number }[];
  attributes: { name: string; value: string; count: number }[];
  priceBands: { min: number; max: number; count: number }[];
  inStock: number;
  outOfStock: number;
}

const FACET_CATEGORIES = 20;
const FACET_ATTRIBUTES = 10;
const FACET_VALUES = 10;
const PRICE_BANDS = 5;

/** The query for what was typed, its words cut to their stems; small words such as "the" are left out. */
const stems = (words: string): string => `to_tsquery('souk', ${words}::text)`;

/** The same, or the words as they are: SKUs have no stems, and "so" may become a sofa. */
const matching = (words: string): string => `(${stems(words)} || to_tsquery('simple', ${words}::text))`;

/**
 * How many letters the words typed are away from the nearest words of `p.name`, in all; null when one of them is too far:
 * one letter for words of up to 4, two for longer ones. Trigrams find the few names that are worth this look.
 */
const typingErrors = (words: string): string => `LATERAL (
  SELECT CASE WHEN bool_and(distance IS NOT NULL) THEN sum(distance) END AS total
  FROM unnest(${words}) AS typed (word) LEFT JOIN LATERAL (
    SELECT min(levenshtein_less_equal(unaccent(typed.word), name.word, 2)) AS distance
    FROM regexp_split_to_table(unaccent(lower(p.name)), '[^[:alnum:]]+') AS name (word)
    WHERE length(name.word) < 100
      AND levenshtein_less_equal(unaccent(typed.word), name.word, 2) <= CASE WHEN length(typed.word) > 4 THEN 2 ELSE 1 END
  ) nearest ON true
)`;

/** Full-text search over names, SKUs, attributes and descriptions; when nothing fits exactly, names with typing errors forgiven. */
@Injectable()
export class ProductSearchQueries {
  constructor(private readonly config: Config) {}

  async page(db: Db, search: ProductSearch, sort: KeysetSort, request: PageRequest): Promise<Page<ListedProduct>> {
    const { params, bind, found } = this.start(search);
    const window = keysetWindow(sort, 'p.id', request, bind);
    const rows = await db.query<ListedProduct>(
      'search.page',
      `SELECT ${PRODUCT_COLUMNS}, ${sort.expression} AS "sortKey" FROM ${found} AND ${window.where}
       ORDER BY ${window.orderBy} LIMIT ${bind(window.limit)} OFFSET ${bind(window.offset)}`,
      params,
    );
    return pageOf(window, rows);
  }

  async count(db: Db, search: ProductSearch): Promise<number> {
    const { params, found } = this.start(search);
    const [row] = await db.query<{ count: number }>('search.count', `SELECT count(*) AS count FROM ${found}`, params);
    return row?.count ?? 0;
  }

  /** All facets in one statement. Price bands hold about equally many products each; equal prices share one. */
  async facets(db: Db, search: ProductSearch): Promise<FacetRow> {
    const { params, found } = this.start(search);
    const [row] = await db.query<FacetRow>('search.facets', facetsOf(found), params);
    return row ?? { categories: [], attributes: [], priceBands: [], inStock: 0, outOfStock: 0 };
  }

  /** Products whose names continue what has been typed, best-selling first. */
  suggestions(db: Db, prefix: string, first: number): Promise<ProductRow[]> {
    const params: unknown[] = [];
    const sql = suggestedFor(prefix, first, (value) => `$${params.push(value)}`, PRODUCT_COLUMNS);
    return db.query('search.suggestions', sql, params);
  }

  private start(search: ProductSearch): { params: unknown[]; bind: (value: unknown) => string; found: string } {
    const params: unknown[] = [];
    const bind = (value: unknown): string => `$${params.push(value)}`;
    return { params, bind, found: foundBy(search, bind, this.config.shopCurrency) };
  }
}

/** SQL of a FacetRow. @param found what a search finds, as `foundBy` writes it */
export function facetsOf(found: string): string {
  return `WITH found AS MATERIALIZED (
      SELECT p.id, p.category_id, p.attributes, p.min_price_minor AS price, p.in_stock FROM ${found}
    ), categories AS (
      SELECT category_id AS id, count(*) AS count FROM found WHERE category_id IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${FACET_CATEGORIES}
    ), pairs AS (
      SELECT a.key AS name, a.value, count(*) AS count FROM found, jsonb_each_text(found.attributes) a GROUP BY 1, 2
    ), names AS (
      SELECT name, sum(count) AS total FROM pairs GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${FACET_ATTRIBUTES}
    ), ranked AS (
      SELECT pairs.*, names.total, row_number() OVER (PARTITION BY name ORDER BY pairs.count DESC, value) AS place
      FROM pairs JOIN names USING (name)
    ), bands AS (
      SELECT min(price) AS min, max(price) AS max, count(*) AS count
      FROM (SELECT price, (rank() OVER (ORDER BY price) - 1) * ${PRICE_BANDS} / count(*) OVER () AS band
            FROM found WHERE price IS NOT NULL) b
      GROUP BY band ORDER BY 1
    )
    SELECT
      coalesce((SELECT json_agg(json_build_object('id', id, 'count', count)) FROM categories), '[]') AS categories,
      coalesce((SELECT json_agg(json_build_object('name', name, 'value', value, 'count', count) ORDER BY total DESC, name, place)
                FROM ranked WHERE place <= ${FACET_VALUES}), '[]') AS attributes,
      coalesce((SELECT json_agg(json_build_object('min', min, 'max', max, 'count', count)) FROM bands), '[]') AS "priceBands",
      (SELECT count(*) FROM found WHERE in_stock) AS "inStock",
      (SELECT count(*) FROM found WHERE NOT in_stock) AS "outOfStock"`;
}

/** SQL of the products whose names continue what has been typed, best-selling first. */
export function suggestedFor(prefix: string, first: number, bind: (value: unknown) => string, columns = 'p.*'): string {
  return `SELECT ${columns} FROM products p
    WHERE p.status = 'ACTIVE' AND p.search @@ ${matching(bind(toPrefixQuery(prefix)))}
    ORDER BY starts_with(unaccent(lower(p.name)), unaccent(lower(${bind(prefix.trim())}))) DESC, p.units_sold DESC, p.id
    LIMIT ${first}`;
}

/**
 * The FROM and WHERE of everything that a search finds, as `p` with its `rank`.
 * @param bind takes a parameter and answers its placeholder
 */
export function foundBy(
  { text, filter, sight }: ProductSearch,
  bind: (value: unknown) => string,
  currency: string,
): string {
  const words = bind(toPrefixQuery(text));
  const query = matching(words);
  const typed = wordsOf(text);
  const alike = `${bind(typed.join(' '))}::text`;
  const conditions = new ProductConditions(bind, currency).of(filter, sight);
  // The second branch is not even begun when the first one finds something: PostgreSQL answers its EXISTS once.
  return `(
      SELECT p.*, ts_rank(p.search, ${stems(words)})::float8 AS rank FROM products p WHERE p.search @@ ${query}
      UNION ALL
      SELECT p.*, -errors.total::float8 AS rank FROM products p, ${typingErrors(`${bind(typed)}::text[]`)} errors
      WHERE NOT EXISTS (SELECT FROM products p WHERE p.search @@ ${query} AND ${visible(sight)})
        AND unaccent(${alike}) <% lower(p.name) AND errors.total IS NOT NULL
    ) p WHERE ${conditions}`;
}
