import { Role } from '../src/access/role.js';
import { OrderSales } from '../src/orders/order-sales.js';
import { signUp, type Account } from './support/accounts.js';
import { droppedBy, keeping, read, type Read } from './support/answers.js';
import {
  aVariant,
  CATEGORY_CHANGES,
  change,
  makeCategory,
  makeProduct,
  PRODUCT_CHANGES,
  type MadeCategory,
  type MadeProduct,
} from './support/catalogue.js';
import { anOrder, leaveToTheTest, placed } from './support/orders.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;
let lamps: MadeCategory;
let chairs: MadeCategory;
let desk: MadeProduct;
let floor: MadeProduct;
let draft: MadeProduct;
let reads: Record<string, Read>;

beforeAll(async () => {
  shop = await startShop({ ANSWERS_KEPT_MB: '4' });
  await leaveToTheTest(shop);
  staff = await signUp(shop, { roles: [Role.STAFF] });
  const top = await makeCategory(shop, staff, { name: 'Home' });
  lamps = await makeCategory(shop, staff, { name: 'Lamps', parentId: top.id });
  chairs = await makeCategory(shop, staff, { name: 'Chairs', parentId: top.id });
  const make = (name: string, category: MadeCategory, status = 'ACTIVE'): Promise<MadeProduct> =>
    makeProduct(shop, staff, { name, status, categoryId: category.id, variants: [aVariant({ stock: 5 })] });
  desk = await make('Desk lamp', lamps);
  floor = await make('Floor lamp', lamps);
  await make('Chair', chairs);
  draft = await make('Draft lamp', lamps, 'DRAFT');
  const product = (fields: string): string => `query ($slug: String!) { product(by: { slug: $slug }) { ${fields} } }`;
  const list = (args: string, fields = 'nodes { name }'): Read => ({ query: `{ products(${args}) { ${fields} } }` });
  const ofLamps = `filter: { categoryId: "${lamps.id}" }`;
  const variables = { slug: desk.slug };
  reads = {
    name: { query: product('name'), variables },
    price: { query: product('priceRange { min { amount } }'), variables },
    inStock: { query: product('inStock'), variables },
    units: { query: product('variants { sku availableQuantity }'), variables },
    version: { query: product('version'), variables },
    other: {
      query: product('name description version inStock variants { title inStock }'),
      variables: { slug: floor.slug },
    },
    nobody: { query: product('name'), variables: { slug: 'new-lamp' } },
    ofLamps: list(ofLamps),
    ofChairs: list(`filter: { categoryId: "${chairs.id}" }`),
    byPrice: list(`${ofLamps}, sort: { field: PRICE }`, 'nodes { slug }'),
    byName: list('sort: { field: NAME }', 'nodes { slug }'),
    best: list('sort: { field: BEST_SELLING }', 'nodes { slug }'),
    buyable: list('filter: { inStock: true }', 'totalCount'),
    search: { query: '{ search(text: "lamp") { nodes { slug } } }' },
    facets: { query: '{ search(text: "lamp") { facets { inStockCount categories { count category { name } } } } }' },
    tree: { query: '{ categories(rootsOnly: true) { name children { name products { totalCount } } } }' },
    branch: { query: '{ category(by: { slug: "home" }) { products(includeSubcategories: true) { totalCount } } }' },
    drafts: { ...list('filter: { status: DRAFT }', 'nodes { name }'), by: staff },
  };
});

afterAll(() => shop?.close());

describe('a change drops the answers that show it, and no other', () => {
  const expectDropped = async (work: () => Promise<unknown>, names: string): Promise<void> => {
    expect((await droppedBy(shop, reads, work)).join(' ')).toBe(names);
  };
  const update = (input: object): Promise<unknown> =>
    change(shop, staff, PRODUCT_CHANGES.update, { id: desk.id, ...input });
  const variant = (): string => desk.variants[0]?.id ?? '';
  const adjust = (delta: number): Promise<unknown> =>
    change(shop, staff, PRODUCT_CHANGES.adjustStock, { variantId: variant(), delta, reason: 'CORRECTION' });

  it('when a few units come or go', async () => {
    await expectDropped(() => adjust(-1), 'units');
    await expectDropped(() => adjust(1), 'units');
  });

  it('when an order takes units', async () => {
    await expectDropped(() => placed(shop, anOrder([{ variantId: variant(), quantity: 1 }])), 'units');
  });

  it('when nothing is left, and when something is there again', async () => {
    const dropped = 'inStock units buyable facets';
    await expectDropped(() => adjust(-4), dropped);
    await expectDropped(() => adjust(4), dropped);
  });

  it('when a price changes', async () => {
    const price = { id: variant(), price: { amount: '12.00' } };
    await expectDropped(
      () => change(shop, staff, PRODUCT_CHANGES.updateVariant, price),
      'price version byPrice facets',
    );
  });

  it('when something is called otherwise', async () => {
    await expectDropped(() => update({ name: 'Desk light' }), 'name version ofLamps byName search facets');
    await expectDropped(() => update({ description: 'Bright.' }), 'version search facets');
    await expectDropped(() => update({ images: [{ url: 'https://shop.example/a.png', alt: 'A' }] }), 'version');
  });

  it('when something new comes into lists', async () => {
    const work = async (): Promise<unknown> =>
      makeProduct(shop, staff, {
        name: 'New lamp',
        slug: 'new-lamp',
        status: 'ACTIVE',
        categoryId: lamps.id,
        variants: [aVariant()],
      });
    await expectDropped(work, 'nobody ofLamps byPrice byName best buyable search facets tree branch drafts');
    expect((await read(shop, reads['nobody'] as Read)).answer.data['product']).toEqual({ name: 'New lamp' });
  });

  it('when something nobody sees is changed', async () => {
    const work = (): Promise<unknown> => change(shop, staff, PRODUCT_CHANGES.update, { id: draft.id, name: 'Drafts' });
    await expectDropped(work, 'drafts');
  });

  it('when something goes into another category', async () => {
    const work = (): Promise<unknown> => update({ categoryId: chairs.id });
    await expectDropped(work, 'version ofLamps ofChairs byPrice facets tree branch');
    await update({ categoryId: lamps.id });
  });

  it('when something gets another address', async () => {
    await expectDropped(() => update({ slug: 'desk-light' }), 'name price inStock units version byPrice byName best');
    expect((await read(shop, reads['name'] as Read)).answer.data['product']).toBeNull();
    await update({ slug: desk.slug });
  });

  it('when sales are counted', async () => {
    await keeping(shop);
    await expectDropped(async () => {
      while (await shop.app.get(OrderSales, { strict: false }).count());
    }, 'best');
  });

  it('when a category gets another name, another place, and when one comes and goes', async () => {
    const renamed = { id: lamps.id, name: 'Lights' };
    await expectDropped(() => change(shop, staff, CATEGORY_CHANGES.update, renamed), 'facets tree branch');
    await expectDropped(() => change(shop, staff, CATEGORY_CHANGES.move, { id: chairs.id }), 'tree branch');
    let made: MadeCategory | undefined;
    await expectDropped(async () => (made = await makeCategory(shop, staff, { name: 'Beds' })), 'tree branch');
    await expectDropped(() => change(shop, staff, CATEGORY_CHANGES.delete, { id: made?.id }), 'tree branch');
  });

  it('when something is taken off the shop', async () => {
    const work = (): Promise<unknown> => change(shop, staff, PRODUCT_CHANGES.archive, { id: desk.id });
    const found = 'name price inStock units version';
    await expectDropped(work, `${found} ofLamps byPrice byName best buyable search facets tree branch drafts`);
    expect((await read(shop, reads['name'] as Read)).answer.data['product']).toBeNull();
  });
});
