import { fillCatalogue } from './biting-catalogue.js';
import { BitingDraw, insertRows } from './biting-draw.js';
import { addressOf, fillOrders } from './biting-orders.js';
import type { Shop } from './shop.js';

/** What is in the tables of a shop, as the random documents need to know it. */
export interface Content {
  /** UUIDs. */
  ids: Record<'product' | 'variant' | 'category' | 'user' | 'order' | 'address', string[]>;
  slugs: string[];
  categorySlugs: string[];
  skus: string[];
  /** Numbers of orders with the addresses that they were placed with. */
  orders: { number: string; email: string }[];
  attributes: { name: string; value: string }[];
}

/** Fills the tables of a shop, straight and the same for the same seed. @param customers accounts that orders and addresses belong to */
export async function fillWithBitingData(
  shop: Shop,
  { currency, customers, seed }: { currency: string; customers: readonly string[]; seed: number },
): Promise<Content> {
  const draw = new BitingDraw(seed);
  const { categories, products, variants, attributes } = await fillCatalogue(shop, draw, {
    currency,
    authors: customers,
  });
  const addresses = customers.flatMap((owner) =>
    draw.several(3, (n) => ({
      id: draw.uuid(),
      user_id: owner,
      address: addressOf(draw),
      is_default_shipping: n === 0,
      is_default_billing: n === 1,
      version: 1,
      created_at: draw.instant(),
      updated_at: draw.instant(),
    })),
  );
  await insertRows(shop, 'saved_addresses', addresses);
  const orders = await fillOrders(shop, draw, { currency, customers, variants });
  return {
    ids: {
      product: products.map(({ id }) => id),
      variant: variants.map(({ id }) => id),
      category: categories.map(({ id }) => id),
      user: [...customers],
      order: orders.map(({ id }) => id),
      address: addresses.map(({ id }) => id),
    },
    slugs: products.map(({ slug }) => slug),
    categorySlugs: categories.map(({ slug }) => slug),
    skus: variants.map(({ sku }) => sku),
    orders: orders.map(({ number, email }) => ({ number, email: email ?? 'nobody@example.com' })),
    attributes,
  };
}
