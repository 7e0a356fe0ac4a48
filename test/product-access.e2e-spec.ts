import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import {
  aVariant,
  catalogueDump,
  codeOf,
  makeCategory,
  makeProduct,
  PRODUCT_CHANGES,
  type MadeCategory,
  type MadeProduct,
} from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;
let premium: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  customer = await signUp(shop, { roles: [Role.USER] });
  premium = await signUp(shop, { roles: [Role.USER, Role.PREMIUM] });
});

afterAll(() => shop?.close());

const variantOf = ({ variants }: MadeProduct): string => variants[0]?.id ?? '';
const band = (amount: string): object => ({ min: { amount }, max: { amount }, count: 1 });

describe('access', () => {
  it.each<[keyof typeof PRODUCT_CHANGES, (product: MadeProduct) => object]>([
    ['create', () => ({ name: 'Made' })],
    ['update', ({ id }) => ({ id, name: 'Changed' })],
    ['archive', ({ id }) => ({ id })],
    ['createVariant', ({ id }) => ({ productId: id, ...aVariant({ options: [{ name: 'Size', value: 'L' }] }) })],
    ['updateVariant', (product) => ({ id: variantOf(product), title: 'Changed' })],
    ['deleteVariant', (product) => ({ id: variantOf(product) })],
    ['adjustStock', (product) => ({ variantId: variantOf(product), delta: 1 })],
  ])('%s for anonymous, customers, staff and admin', async (name, inputFor) => {
    const document = PRODUCT_CHANGES[name];
    const product = await makeProduct(shop, staff, { name: 'Guarded', variants: [aVariant()] });
    const before = await catalogueDump(shop);
    const codes = [];
    for (const by of [undefined, customer, premium]) {
      codes.push(codeOf(await shop.send(document, { input: inputFor(product) }, by?.token)));
    }
    expect(codes).toEqual(['UNAUTHENTICATED', 'FORBIDDEN', 'FORBIDDEN']);
    expect(await catalogueDump(shop)).toBe(before);
    for (const by of [staff, admin]) {
      const own = await makeProduct(shop, staff, { name: 'Guarded', variants: [aVariant()] });
      expect(codeOf(await shop.send(document, { input: inputFor(own) }, by.token))).toBe('OK');
    }
  });
});

describe('what nobody but staff may know of', () => {
  const STATUSES = ['ACTIVE', 'DRAFT', 'ARCHIVED'] as const;
  const SEEN = `query ($ids: [ID!]!, $variants: [ID!]!, $category: ID!, $active: ID!) {
    products(filter: { ids: $ids }, sort: { field: NAME }) { nodes { status } edges { node { status } } totalCount }
    drafts: products(filter: { status: DRAFT, ids: $ids }) { totalCount nodes { id } }
    hidden: products(filter: { ids: $ids, not: { status: ACTIVE } }) { totalCount nodes { id } }
    search(text: "quokka", sort: { field: NAME }) {
      nodes { status }
      totalCount
      facets {
        categories { category { id } count } attributes { name values { value count } }
        priceBands { min { amount } max { amount } count } inStockCount outOfStockCount
      }
    }
    searchSuggestions(prefix: "quok") { text product { status } }
    nodes(ids: $ids) { id }
    variantNodes: nodes(ids: $variants) { id }
    productVariants(ids: $variants) { id product { status } }
    category(by: { id: $category }) {
      productCount
      products(sort: { field: NAME }) { nodes { status } totalCount }
    }
    product(by: { id: $active }) { recommendations(first: 20) { status } }
  }`;

  const products = {} as Record<(typeof STATUSES)[number], MadeProduct>;
  let category: MadeCategory;

  beforeAll(async () => {
    category = await makeCategory(shop, staff, { name: 'Secrets' });
    for (const [index, status] of STATUSES.entries()) {
      products[status] = await makeProduct(shop, staff, {
        name: `Quokka ${index}`,
        status,
        categoryId: category.id,
        attributes: [{ name: 'Status', value: status }],
        variants: [aVariant({ sku: `QUOKKA-${status}`, price: { amount: `${index + 1}` } })],
      });
    }
    await makeProduct(shop, staff, { name: 'Quokka 3', categoryId: category.id });
  });

  const all = (): MadeProduct[] => STATUSES.map((status) => products[status]);
  const seenBy = async (by?: Account): Promise<Answer['data']> => {
    const variables = {
      ids: all().map(({ id }) => id),
      variants: all().map(({ variants }) => variants[0]?.id),
      category: category.id,
      active: products.ACTIVE.id,
    };
    const { data, errors } = await shop.send(SEEN, variables, by?.token);
    expect(errors).toBeUndefined();
    return data;
  };

  it('is in no list, count, facet, suggestion or node for customers', async () => {
    const { id, variants } = products.ACTIVE;
    const active = { status: 'ACTIVE' };
    const expected = {
      products: { nodes: [active], edges: [{ node: active }], totalCount: 1 },
      drafts: { totalCount: 0, nodes: [] },
      hidden: { totalCount: 0, nodes: [] },
      search: {
        nodes: [active, active],
        totalCount: 2,
        facets: {
          categories: [{ category: { id: category.id }, count: 2 }],
          attributes: [{ name: 'Status', values: [{ value: 'ACTIVE', count: 1 }] }],
          priceBands: [band('1.00')],
          inStockCount: 1,
          outOfStockCount: 1,
        },
      },
      searchSuggestions: [
        { text: 'Quokka 0', product: active },
        { text: 'Quokka 3', product: active },
      ],
      nodes: [{ id }, null, null],
      variantNodes: [{ id: variants[0]?.id }, null, null],
      productVariants: [{ id: variants[0]?.id, product: active }, null, null],
      category: { productCount: 2, products: { nodes: [active, active], totalCount: 2 } },
      product: { recommendations: [active] },
    };
    for (const by of [undefined, customer, premium]) expect(await seenBy(by)).toEqual(expected);
  });

  it('is everywhere for staff and admin, but in what is offered to buyers', async () => {
    const [active, draft, archived] = STATUSES.map((status) => ({ status }));
    for (const by of [staff, admin]) {
      const seen = await seenBy(by);
      expect(seen['products'].nodes).toEqual([active, draft, archived]);
      expect(seen['products'].totalCount).toBe(3);
      expect(seen['drafts']).toEqual({ totalCount: 1, nodes: [{ id: products.DRAFT.id }] });
      expect(seen['hidden'].totalCount).toBe(2);
      expect(seen['search'].nodes).toEqual([active, draft, archived, active]);
      expect(seen['search'].facets).toMatchObject({ categories: [{ count: 4 }], inStockCount: 3, outOfStockCount: 1 });
      expect(seen['search'].facets.attributes[0].values).toHaveLength(3);
      expect(seen['nodes']).toEqual(all().map(({ id }) => ({ id })));
      expect(seen['variantNodes']).toEqual(all().map(({ variants }) => ({ id: variants[0]?.id })));
      expect(seen['productVariants'].map(({ product }: { product: object }) => product)).toEqual([
        active,
        draft,
        archived,
      ]);
      expect(seen['category']).toMatchObject({ productCount: 4, products: { totalCount: 4 } });
      expect(seen['searchSuggestions']).toHaveLength(2);
      expect(seen['product'].recommendations).toEqual([active]);
    }
  });

  it('is found neither by id, slug, SKU nor as a node', async () => {
    const ONE = `query ($id: ID!, $slug: String!, $sku: String!, $variant: ID!) {
      byId: product(by: { id: $id }) { id } bySlug: product(by: { slug: $slug }) { id } bySku: product(by: { sku: $sku }) { id }
      node(id: $id) { id } variant: node(id: $variant) { id ... on ProductVariant { product { id } } }
    }`;
    for (const { id, slug, status, variants } of all()) {
      const [variant] = variants;
      const found = async (by?: Account): Promise<object> =>
        (await shop.send(ONE, { id, slug, sku: variant?.sku, variant: variant?.id }, by?.token)).data;
      const there = { byId: { id }, bySlug: { id }, bySku: { id }, node: { id } };
      const everything = { ...there, variant: { id: variant?.id, product: { id } } };
      const nothing = { byId: null, bySlug: null, bySku: null, node: null, variant: null };
      for (const by of [undefined, customer])
        expect(await found(by)).toEqual(status === 'ACTIVE' ? everything : nothing);
      for (const by of [staff, admin]) expect(await found(by)).toEqual(everything);
    }
  });

  it('does not stand in the way of a typing error, and is not found by one', async () => {
    await makeProduct(shop, staff, { name: 'Samovar', status: 'ACTIVE' });
    await makeProduct(shop, staff, { name: 'Samowar', status: 'DRAFT' });
    const found = async (text: string, by?: Account): Promise<unknown> => {
      const { data } = await shop.send(
        'query ($text: String!) { search(text: $text) { nodes { name } totalCount } }',
        { text },
        by?.token,
      );
      return data['search'];
    };
    expect(await found('Samowar', customer)).toEqual({ nodes: [{ name: 'Samovar' }], totalCount: 1 });
    expect(await found('Samowar', staff)).toEqual({ nodes: [{ name: 'Samowar' }], totalCount: 1 });
    expect(await found('Samobar')).toEqual({ nodes: [{ name: 'Samovar' }], totalCount: 1 });
    expect((await found('Samobar', admin)) as object).toMatchObject({ totalCount: 2 });
  });

  it('is who created a product, and its stock figures', async () => {
    const document = `query ($id: ID!) {
      product(by: { id: $id }) { createdBy { id } variants { availableQuantity stock { onHand reserved available } } }
    }`;
    const seen = async (by?: Account): Promise<object> =>
      (await shop.send(document, { id: products.ACTIVE.id }, by?.token)).data['product'];
    for (const by of [undefined, customer, premium]) {
      expect(await seen(by)).toEqual({ createdBy: null, variants: [{ availableQuantity: 5, stock: null }] });
    }
    for (const by of [staff, admin]) {
      expect(await seen(by)).toEqual({
        createdBy: { id: staff.id },
        variants: [{ availableQuantity: 5, stock: { onHand: 5, reserved: 0, available: 5 } }],
      });
    }
  });
});
