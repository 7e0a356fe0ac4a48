import {
  CategoryPageDocument,
  CategoryTreeDocument,
  NodeRefetchDocument,
  ProductDetailDocument,
  ProductListDocument,
  ProductRecommendationsDocument,
  ProductSearchDocument,
  ProductSortField,
  SearchSuggestDocument,
  ShopContextDocument,
  SortDirection,
  VariantAvailabilityDocument,
  type MoneyPartsFragment,
  type ProductCardFragment,
} from '../../client/generated/operations.js';
import { toGlobalId } from '../../src/graphql/global-id.js';
import { countOf } from '../support/catalogue.js';
import { trial, type DocumentCase, type LampShop } from './document-cases.js';

const gbp = (amount: string): MoneyPartsFragment => ({ amount, currency: 'GBP' });

/** Products that everybody sees, and how many of them fit a page. */
async function activeCount({ shop }: LampShop): Promise<{ total: number; shown: number }> {
  const lamps = `SELECT count(*) AS n FROM products WHERE status = 'ACTIVE' AND category_id IS NOT NULL`;
  const total = await countOf(shop, lamps);
  return { total, shown: Math.min(total, 100) };
}

function cardOf({ brassLamp, deskLamps }: LampShop): ProductCardFragment {
  return {
    id: brassLamp.id,
    slug: 'brass-lamp',
    name: 'Brass lamp',
    inStock: true,
    images: [{ url: 'https://shop.example/brass.jpg', alt: 'A lamp of brass' }],
    priceRange: { min: gbp('25.00'), max: gbp('40.00') },
    category: { id: deskLamps.id, slug: 'desk-lamps', name: 'Desk lamps' },
  };
}

/** What the front of the shop sends. */
export const STOREFRONT: DocumentCase[] = [
  trial(ShopContextDocument, {
    as: 'customer',
    statements: 1,
    variables: () => ({}),
    sees: ({ shop, me, liveCursor }, { customer: { id, email } }) => [
      [
        shop,
        {
          name: 'Souk',
          currency: 'GBP',
          paymentMethods: ['manual', 'sandbox'],
          version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        },
      ],
      [me, { id, email, name: 'Ada', roles: ['USER'], version: 1 }],
      [liveCursor, expect.stringMatching(/^\S+$/)],
    ],
  }),
  trial(CategoryTreeDocument, {
    statements: 1,
    variables: () => ({}),
    sees: async ({ categories }, lamps) => {
      const { lighting, deskLamps } = lamps;
      const { total: productCount } = await activeCount(lamps);
      const root = { slug: 'lighting', name: 'Lighting', position: 0, parentId: null, productCount };
      const child = { slug: 'desk-lamps', name: 'Desk lamps', position: 0, parentId: lighting.id, productCount };
      return [
        [categories.find(({ id }) => id === lighting.id), root],
        [categories.find(({ id }) => id === deskLamps.id), child],
      ];
    },
  }),
  trial(CategoryPageDocument, {
    statements: 1,
    variables: () => ({
      slug: 'lighting',
      first: 100,
      sort: { field: ProductSortField.PRICE, direction: SortDirection.DESC },
    }),
    sees: async ({ category }, lamps) => {
      const { total, shown } = await activeCount(lamps);
      const children = [{ id: lamps.deskLamps.id, slug: 'desk-lamps', name: 'Desk lamps', productCount: total }];
      return [
        [category, { id: lamps.lighting.id, description: 'All that shines.', ancestors: [], children }],
        [category?.products, { totalCount: total, pageInfo: { hasNextPage: total > 100, hasPreviousPage: false } }],
        [category?.products.nodes.length, shown],
      ];
    },
  }),
  trial(ProductListDocument, {
    statements: 1,
    variables: ({ lighting }) => ({
      first: 100,
      filter: { categoryId: lighting.id, includeSubcategories: true, inStock: true, price: { min: '10.00' } },
      sort: { field: ProductSortField.NAME },
    }),
    sees: async ({ products: { totalCount, edges, pageInfo } }, lamps) => {
      const { total, shown } = await activeCount(lamps);
      const [first, last] = [edges[0]?.cursor, edges.at(-1)?.cursor];
      return [
        [
          [totalCount, edges.length],
          [total, shown],
        ],
        [edges[0]?.node, cardOf(lamps)],
        [pageInfo, { startCursor: first, endCursor: last, hasNextPage: total > 100, hasPreviousPage: false }],
      ];
    },
  }),
  trial(ProductSearchDocument, {
    statements: 1,
    variables: () => ({ text: 'lamp', first: 100, sort: { field: ProductSortField.NAME } }),
    sees: async ({ search: { totalCount, nodes, facets } }, lamps) => {
      const { total, shown } = await activeCount(lamps);
      const category = { id: lamps.deskLamps.id, slug: 'desk-lamps', name: 'Desk lamps' };
      return [
        [
          [totalCount, nodes.length],
          [total, shown],
        ],
        [nodes[0], cardOf(lamps)],
        [facets, { inStockCount: total, outOfStockCount: 0, categories: [{ count: total, category }] }],
        [facets.attributes.find(({ name }) => name === 'Brand')?.values, [{ value: 'Acme', count: 1 }]],
        [facets.priceBands[0]?.min, gbp('10.01')],
        [facets.priceBands.reduce((sum, { count }) => sum + count, 0), total],
      ];
    },
  }),
  trial(SearchSuggestDocument, {
    statements: 1,
    variables: () => ({ prefix: 'bras', first: 20 }),
    sees: ({ searchSuggestions }, lamps) => {
      const { id, slug, name, images } = cardOf(lamps);
      return [[searchSuggestions, [{ text: 'Brass lamp', product: { id, slug, name, images } }]]];
    },
  }),
  trial(ProductDetailDocument, {
    statements: 1,
    variables: () => ({ by: { slug: 'brass-lamp' } }),
    sees: ({ liveCursor, product }, lamps) => {
      const [small, large] = lamps.brassLamp.variants;
      const { category, ...card } = cardOf(lamps);
      const ancestors = [{ id: lamps.lighting.id, slug: 'lighting', name: 'Lighting' }];
      const selectedOptions = [{ name: 'Size', value: 'S' }];
      const prices = { price: gbp('25.00'), compareAtPrice: null };
      return [
        [liveCursor, expect.stringMatching(/^\S+$/)],
        [product, { ...card, description: 'Shines on a desk.', category: { ...category, ancestors } }],
        [product?.attributes, [{ name: 'Brand', value: 'Acme' }]],
        [product?.options, [{ name: 'Size', values: ['S', 'L'] }]],
        [product?.variants[0], { id: small?.id, sku: 'BRASS-S', title: 'S', selectedOptions, ...prices }],
        [product?.variants[0], { inStock: true, availableQuantity: 7 }],
        [product?.variants[1], { id: large?.id, inStock: false, compareAtPrice: gbp('45.00') }],
      ];
    },
  }),
  trial(ProductRecommendationsDocument, {
    statements: 1,
    variables: ({ brassLamp }) => ({ id: brassLamp.id, first: 20 }),
    sees: async ({ product }, lamps) => {
      const { brassLamp, deskLamps } = lamps;
      const { total } = await activeCount(lamps);
      const recommended = product?.recommendations ?? [];
      return [
        [product?.id, brassLamp.id],
        [recommended.length, Math.min(total - 1, 20)],
        [recommended.filter(({ id }) => id === brassLamp.id), []],
        [[...new Set(recommended.map(({ category }) => category?.id))], [deskLamps.id]],
      ];
    },
  }),
  trial(VariantAvailabilityDocument, {
    statements: 1,
    variables: async ({ shop, brassLamp }) => {
      const sql = `SELECT id FROM product_variants WHERE sku LIKE 'B-%' ORDER BY id LIMIT 98`;
      const others = await shop.database.query<{ id: string }>('test.variants', sql);
      const ids = brassLamp.variants.map(({ id }) => id);
      return { ids: [...ids, ...others.map(({ id }) => toGlobalId('variant', id))] };
    },
    sees: ({ productVariants }, _lamps, { ids }) => [
      [productVariants.map((variant) => variant?.id), ids],
      [productVariants[0], { sku: 'BRASS-S', inStock: true, availableQuantity: 7, price: gbp('25.00') }],
      [productVariants[1], { sku: 'BRASS-L', inStock: false, availableQuantity: 0, price: gbp('40.00') }],
    ],
  }),
  trial(NodeRefetchDocument, {
    statements: 1,
    variables: ({ brassLamp }) => ({ id: brassLamp.id }),
    sees: ({ node }, lamps) => [[node, { __typename: 'Product', ...cardOf(lamps) }]],
  }),
];
