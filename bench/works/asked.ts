import { query } from './cluster.ts';
import { REQUESTS, type AnyAsked, type Asked, type Kind, type Work } from './work.ts';
import { NOUNS } from './data-set/words.ts';

const PAGE = 20;
const STEP = 8;
const DEEP_PAGE = 100;
const MOST_SKIPPED = 10_000;
const CHEAPEST = 500;
const DEAREST = 20_000;
const SKIPS_OF_BRANCH = 13;
const LINES = 3;

/** What exists to be asked for. */
interface Stock {
  slugs: string[];
  leaves: { id: string; count: number }[];
  branches: string[];
  /** Products that everybody may see. */
  products: number;
  buyers: string[];
  variants: string[];
}

/** Always the same numbers. */
class Lots {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  below(limit: number): number {
    this.state = (this.state * 48_271) % 2_147_483_647;
    return this.state % limit;
  }

  /** Different ones, in the order in which they were drawn. */
  some<T>(from: readonly T[], count: number): T[] {
    if (from.length < count) throw new Error(`There are only ${from.length} to draw ${count} of.`);
    const drawn = new Set<number>();
    while (drawn.size < count) drawn.add(this.below(from.length));
    return [...drawn].flatMap((index) => from[index] ?? []);
  }
}

/** The 400 different requests of each work, always the same for one data set. */
export async function askedOf(url: string, works: readonly Work[]): Promise<Map<Work, AnyAsked[]>> {
  const stock = await look(url);
  return new Map(works.map((work) => [work, draw(work, stock)]));
}

async function look(url: string): Promise<Stock> {
  const list = async (sql: string): Promise<string[]> =>
    (await query<{ value: string }>(url, sql)).map(({ value }) => value);
  const leaves = await query<{ id: string; count: number }>(
    url,
    `SELECT category_id AS id, count(*)::int AS count FROM products WHERE status = 'ACTIVE' GROUP BY 1 ORDER BY 1`,
  );
  return {
    leaves,
    products: leaves.reduce((sum, { count }) => sum + count, 0),
    slugs: await list(`SELECT slug AS value FROM products WHERE status = 'ACTIVE' ORDER BY id`),
    branches: await list(
      `SELECT c.slug AS value FROM categories c JOIN categories p ON p.id = c.parent_id
       WHERE p.parent_id IS NULL ORDER BY c.id`,
    ),
    buyers: await list(`SELECT customer_id AS value FROM orders GROUP BY 1 HAVING count(*) > 10 ORDER BY 1`),
    variants: await list(
      `SELECT v.id AS value FROM product_variants v JOIN products p ON p.id = v.product_id JOIN stock_levels s ON s.variant_id = v.id
       WHERE p.status = 'ACTIVE' AND s.on_hand > 0 ORDER BY v.id`,
    ),
  };
}

/** How requests of each kind are drawn. */
const DRAWN: { readonly [K in Kind]: (lots: Lots, stock: Stock, work: Work) => Asked[K][] } = {
  productPage: (lots, { slugs }) => lots.some(slugs, REQUESTS).map((slug) => ({ slug })),
  categoryList: (lots, stock) => lots.some(pagesOf(stock), REQUESTS),
  deepList: (_, { products }) => deep(products),
  skippedList: (_, { products }) => deep(Math.min(products, MOST_SKIPPED)),
  search: searches,
  myOrders: (lots, { buyers }) => lots.some(buyers, REQUESTS).map((userId) => ({ userId })),
  branch: branchesOf,
  order: ordersOf,
};

function draw(work: Work, stock: Stock): AnyAsked[] {
  const { kind } = work;
  return DRAWN[kind](new Lots(7_919), stock, work).map((asked) => ({ kind, asked }) as AnyAsked);
}

function pagesOf({ leaves }: Stock): Asked['categoryList'][] {
  return leaves.flatMap(({ id: categoryId, count }) =>
    Array.from({ length: Math.max(1, Math.ceil((count - PAGE) / STEP)) }, (_, page) => ({
      categoryId,
      position: page * STEP,
    })),
  );
}

/** Positions in the second half of a list. */
function deep(products: number): Asked['deepList'][] {
  const first = Math.floor(products / 2);
  const step = Math.floor((products - first - DEEP_PAGE) / REQUESTS);
  return Array.from({ length: REQUESTS }, (_, index) => ({ position: first + index * step }));
}

function searches(lots: Lots): Asked['search'][] {
  return Array.from({ length: REQUESTS }, (_, index) => {
    const minMinor = CHEAPEST + 50 * lots.below(150);
    const maxMinor = minMinor + 2_500 + 50 * lots.below((DEAREST - 10_000) / 50);
    return { word: (NOUNS[index % NOUNS.length] ?? '').toLowerCase(), minMinor, maxMinor };
  });
}

function branchesOf(lots: Lots, { branches }: Stock): Asked['branch'][] {
  const all = branches.flatMap((slug) =>
    Array.from({ length: SKIPS_OF_BRANCH }, (_, position) => ({ slug, position })),
  );
  return lots.some(all, REQUESTS);
}

function ordersOf(lots: Lots, { buyers, variants }: Stock, { hot }: Work): Asked['order'][] {
  const [first = '', ...others] = variants;
  return lots.some(buyers, REQUESTS).map((userId) => {
    const chosen = hot ? [first, ...lots.some(others, LINES - 1)] : lots.some(variants, LINES);
    return { userId, lines: chosen.map((variantId) => ({ variantId, quantity: 1 + lots.below(3) })) };
  });
}
