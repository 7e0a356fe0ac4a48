import { insertRows, AMOUNTS, type BitingDraw, type Row } from './biting-draw.js';
import type { Shop } from './shop.js';

/** Parent of each category, by index. */
const PARENTS = [null, 0, 1, 0, null, 4, 2, 0, null];
const PRODUCTS = 45;

/** What the random documents need to know of the catalogue. UUIDs. */
export interface BitingCatalogue {
  categories: { id: string; slug: string }[];
  products: { id: string; slug: string }[];
  variants: { id: string; sku: string; product_id: string }[];
  attributes: { name: string; value: string }[];
}

/** Fills the tables of the catalogue. @param authors accounts that have created products and moved stock */
export async function fillCatalogue(
  shop: Shop,
  draw: BitingDraw,
  { currency, authors }: { currency: string; authors: readonly string[] },
): Promise<BitingCatalogue> {
  const categories = await fillCategories(shop, draw);
  const attributes = Array.from({ length: 20 }, () => ({ name: draw.text(), value: draw.text() }));
  const products = Array.from({ length: PRODUCTS }, (_, n) => {
    const id = draw.uuid();
    const variants = draw.several(4, (place) => variantOf(draw, { id, n, place, currency }));
    const row = productRow(draw, n, { authors, attributes, categories });
    return { row: { id, ...row, ...summaryOf(variants) }, variants };
  });
  const variants = products.flatMap(({ variants: own }) => own);
  await insertRows(
    shop,
    'products',
    products.map(({ row }) => row),
  );
  await insertRows(
    shop,
    'product_variants',
    variants.map(({ row }) => row),
  );
  const levels = variants.flatMap(({ row, stock }) => (stock ? [{ variant_id: row.id, ...stock }] : []));
  await insertRows(shop, 'stock_levels', levels);
  const movements = variants.flatMap(({ row }) => draw.several(4, () => movementOf(draw, row.id, authors)));
  await insertRows(shop, 'stock_movements', movements);
  return { categories, products: products.map(({ row }) => row), variants: variants.map(({ row }) => row), attributes };
}

async function fillCategories(shop: Shop, draw: BitingDraw): Promise<{ id: string; slug: string }[]> {
  const rows = PARENTS.map((_, n) => ({
    id: draw.uuid(),
    slug: `category-${n}`,
    name: draw.text(),
    description: draw.text(),
    position: draw.below(3),
    created_at: draw.instant(),
    updated_at: draw.instant(),
  }));
  const idOf = (n: number | null | undefined): string | null => (n == null ? null : (rows[n]?.id ?? null));
  await insertRows(
    shop,
    'categories',
    rows.map((row, n) => ({ ...row, parent_id: idOf(PARENTS[n]) })),
  );
  const closure = rows.flatMap(({ id }, n) => {
    const above: Row[] = [];
    for (let at: number | null = n, depth = 0; at !== null; at = PARENTS[at] ?? null, depth += 1) {
      above.push({ ancestor_id: idOf(at), descendant_id: id, depth });
    }
    return above;
  });
  await insertRows(shop, 'category_closure', closure);
  return rows;
}

function productRow(
  draw: BitingDraw,
  n: number,
  {
    authors,
    attributes,
    categories,
  }: { authors: readonly string[] } & Pick<BitingCatalogue, 'attributes' | 'categories'>,
): { slug: string } & Row {
  return {
    slug: `product-${n}`,
    name: draw.random() < 0.4 ? `lamp ${draw.below(4)}` : draw.text(),
    description: draw.text(),
    status: draw.some(['ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAFT', 'ARCHIVED']),
    category_id: draw.perhaps(0.8, () => draw.some(categories).id),
    attributes: Object.fromEntries(draw.several(4, () => [draw.some(attributes).name, draw.some(attributes).value])),
    images: draw.several(3, () => ({
      url: `https://shop.example/${encodeURIComponent(draw.text())}`,
      alt: draw.text(),
    })),
    created_by: draw.perhaps(0.5, () => draw.some(authors)),
    units_sold: draw.below(3),
    version: 1 + draw.below(4),
    created_at: draw.instant(),
    updated_at: draw.instant(),
  };
}

interface DrawnVariant {
  row: { id: string; sku: string; product_id: string; price_minor: number } & Row;
  stock: { on_hand: number; reserved: number } | null;
}

function variantOf(
  draw: BitingDraw,
  { id, n, place, currency }: { id: string; n: number; place: number; currency: string },
): DrawnVariant {
  const row = {
    id: draw.uuid(),
    product_id: id,
    sku: `${draw.some(['SKU', "S'K", '😀'])}-${n}-${place}`,
    title: draw.text(),
    // Two of a product differ in them.
    options: Array.from({ length: place === 0 ? draw.below(3) : 1 + draw.below(2) }, (_, option) => ({
      name: `${draw.some(['Size', 'size', '😀'])}${option}`,
      value: option === 0 ? `${draw.text()}${place}` : draw.text(),
    })),
    price_minor: draw.some(AMOUNTS),
    compare_at_minor: draw.perhaps(0.5, () => draw.some(AMOUNTS)),
    currency,
    weight_grams: draw.below(3),
    tax_class: draw.some(['STANDARD', 'REDUCED', 'ZERO']),
    position: draw.below(2),
    version: 1 + draw.below(4),
    created_at: draw.instant(),
    updated_at: draw.instant(),
  };
  return { row, stock: draw.perhaps(0.7, () => ({ on_hand: 3 + draw.below(3), reserved: draw.below(4) })) };
}

function summaryOf(variants: readonly DrawnVariant[]): Row {
  const prices = variants.map(({ row }) => row.price_minor);
  return {
    min_price_minor: prices.length > 0 ? Math.min(...prices) : null,
    max_price_minor: prices.length > 0 ? Math.max(...prices) : null,
    in_stock: variants.some(({ stock }) => stock && stock.on_hand > stock.reserved),
    skus: variants.map(({ row }) => row.sku).join(' '),
  };
}

function movementOf(draw: BitingDraw, variantId: string, authors: readonly string[]): Row {
  return {
    id: draw.uuid(),
    variant_id: variantId,
    delta: 1 + draw.below(5),
    on_hand_after: draw.below(9),
    reason: draw.some(['INITIAL', 'SOLD']),
    note: draw.perhaps(0.5, () => draw.text()),
    actor_id: draw.perhaps(0.5, () => draw.some(authors)),
    holder_id: draw.perhaps(0.3, () => draw.uuid()),
    at: draw.instant(),
  };
}
