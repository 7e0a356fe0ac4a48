import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import {
  aVariant,
  change,
  codeOf,
  countOf,
  makeCategory,
  makeProduct,
  NOBODY,
  PRODUCT_CHANGES,
  refused,
  wrongPaths,
  type MadeProduct,
} from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const { update, archive, createVariant, updateVariant, deleteVariant } = PRODUCT_CHANGES;

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const make = (traits: object = {}): Promise<MadeProduct> => makeProduct(shop, staff, { name: 'Thing', ...traits });
const size = (value: string): object[] => [{ name: 'Size', value }];
const gbp = (amount: string): object => ({ amount, currency: 'GBP' });
const range = (min: string, max: string): object => ({ min: gbp(min), max: gbp(max) });

/** Sends the same change so many times at once, and answers their codes in order. */
async function atOnce(times: number, document: string, input: object): Promise<string[]> {
  const answers = Array.from({ length: times }, () => shop.send(document, { input }, staff.token));
  return (await Promise.all(answers)).map(codeOf).toSorted();
}

/** A product with two variants, L for 30.00 (2 units) and S for 10.00 (none). */
const makeTwo = (): Promise<MadeProduct> =>
  make({
    variants: [
      aVariant({ options: size('L'), price: { amount: '30' }, stock: 2 }),
      aVariant({ options: size('S'), price: { amount: '10' }, stock: 0 }),
    ],
  });

describe('updateProduct', () => {
  it('changes what is given, leaves what is absent or null, and clears the category only by null', async () => {
    const category = await makeCategory(shop, staff, { name: 'Before' });
    const other = await makeCategory(shop, staff, { name: 'After' });
    const whole = {
      name: 'Kept',
      slug: 'kept',
      description: 'Text',
      categoryId: category.id,
      images: [{ url: 'https://shop.example/a.jpg', alt: 'A' }],
      attributes: [{ name: 'Colour', value: 'Red' }],
      variants: [aVariant()],
    };
    const { id } = await make(whole);
    const send = async (changes: object): Promise<Answer['data']> =>
      (await change(shop, staff, update, { id, ...changes }))['product'];
    const first = await send({});
    const kept = { name: 'Kept', slug: 'kept', description: 'Text', status: 'ACTIVE', category: { id: category.id } };
    expect(first).toMatchObject({ ...kept, images: whole.images, attributes: whole.attributes, version: 2 });
    const nulls = { name: null, slug: null, description: null, status: null, images: null, attributes: null };
    expect(await send(nulls)).toEqual({ ...first, version: 3, updatedAt: expect.any(String) });
    expect(await send({ categoryId: other.id, expectedVersion: 3 })).toMatchObject({ category: { id: other.id } });
    expect(await send({ categoryId: null })).toMatchObject({ ...kept, category: null, version: 5 });
    expect(await send({ name: 'New', slug: 'new-slug', description: '', status: 'DRAFT' })).toMatchObject({
      name: 'New',
      slug: 'new-slug',
      description: '',
      status: 'DRAFT',
      images: whole.images,
    });
    const emptied = await send({ images: [], attributes: [] });
    expect(emptied).toMatchObject({ name: 'New', images: [], attributes: [], version: 7 });
    expect(emptied['variants']).toHaveLength(1);
    expect(Date.parse(emptied['updatedAt'])).toBeGreaterThan(Date.parse(first['createdAt']));
  });

  it('refuses an unknown product or category, a taken slug and a stale version', async () => {
    await make({ slug: 'in-use' });
    const { id } = await make();
    expect(await refused(shop, staff, update, { id: NOBODY.product, name: 'X' })).toBe('NOT_FOUND input.id');
    expect(await refused(shop, staff, update, { id, categoryId: NOBODY.category })).toBe('NOT_FOUND input.categoryId');
    expect(await refused(shop, staff, update, { id, slug: 'in-use' })).toBe('SLUG_TAKEN input.slug');
    expect(await refused(shop, staff, update, { id, name: 'X', expectedVersion: 2 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
  });

  it.each([
    [{ name: '' }, 'input.name'],
    [{ slug: 'Not one' }, 'input.slug'],
    [{ attributes: [{ name: '', value: 'x' }] }, 'input.attributes.0.name'],
    [{ id: NOBODY.variant }, 'input.id'],
    [{ categoryId: 'garbage' }, 'input.categoryId'],
  ])('refuses %j', async (input, path) => {
    expect(await wrongPaths(shop, staff, update, { id: NOBODY.product, ...input })).toEqual([path]);
  });

  it('lets exactly one of many win who read the same version', async () => {
    const { id } = await make();
    const codes = await atOnce(8, update, { id, description: 'Won', expectedVersion: 1 });
    expect(codes).toEqual(['OK', ...Array.from({ length: 7 }, () => 'VERSION_CONFLICT')]);
    expect(await atOnce(8, update, { id, description: 'All' })).toEqual(Array.from({ length: 8 }, () => 'OK'));
    const { data } = await shop.send('query ($id: ID!) { product(by: { id: $id }) { version } }', { id });
    expect(data['product'].version).toBe(10);
  });
});

describe('archiveProduct', () => {
  it('takes a product off the shop, once, and back with updateProduct', async () => {
    const { id } = await make({ variants: [aVariant()] });
    const archived = await change(shop, staff, archive, { id, expectedVersion: 1 });
    expect(archived['product']).toMatchObject({ status: 'ARCHIVED', version: 2 });
    const events = 'SELECT (SELECT count(*) FROM event_outbox) + (SELECT count(*) FROM event_log) AS n';
    const before = await countOf(shop, events);
    expect((await change(shop, staff, archive, { id }))['product']).toMatchObject({ status: 'ARCHIVED', version: 2 });
    expect(await countOf(shop, events)).toBe(before);
    const back = await change(shop, staff, update, { id, status: 'ACTIVE' });
    expect(back['product']).toMatchObject({ status: 'ACTIVE', version: 3 });
  });

  it('refuses an unknown product and a stale version', async () => {
    const { id } = await make();
    expect(await refused(shop, staff, archive, { id: NOBODY.product })).toBe('NOT_FOUND input.id');
    expect(await refused(shop, staff, archive, { id, expectedVersion: 9 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
  });
});

describe('variants', () => {
  it('keep the summary of their product right after every change', async () => {
    const { id, variants } = await makeTwo();
    const [large, small] = variants;
    const after = async (document: string, input: object): Promise<object> => {
      const { product } = await change(shop, staff, document, input);
      const found = await shop.send(
        'query ($id: ID!) { product(by: { id: $id }) { inStock version priceRange { min { amount currency } max { amount currency } } } }',
        { id },
      );
      // The answer of the change and what is read afterwards are the same.
      expect(product).toMatchObject(found.data['product']);
      return found.data['product'];
    };
    const added = {
      productId: id,
      ...aVariant({ sku: 'OLDSUM', options: size('M'), price: { amount: '50' }, stock: 0 }),
    };
    expect(await after(createVariant, added)).toEqual({
      inStock: true,
      version: 2,
      priceRange: range('10.00', '50.00'),
    });
    expect(await after(updateVariant, { id: small?.id, price: { amount: '60' } })).toEqual({
      inStock: true,
      version: 3,
      priceRange: range('30.00', '60.00'),
    });
    expect(await after(deleteVariant, { id: large?.id })).toEqual({
      inStock: false,
      version: 4,
      priceRange: range('50.00', '60.00'),
    });
    const skus = (sku: string): Promise<Answer> =>
      shop.send('query ($sku: String!) { search(text: $sku) { nodes { id } } }', { sku });
    expect((await skus('OLDSUM')).data['search'].nodes).toEqual([{ id }]);
    const { data } = await shop.send('query ($id: ID!) { product(by: { id: $id }) { variants { id sku } } }', { id });
    const [, middle] = data['product'].variants;
    expect(middle.sku).toBe('OLDSUM');
    await after(updateVariant, { id: middle.id, sku: 'NEWSUM' });
    expect((await skus('OLDSUM')).data['search'].nodes).toEqual([]);
    expect((await skus('NEWSUM')).data['search'].nodes).toEqual([{ id }]);
    await after(deleteVariant, { id: middle.id });
    expect(await after(deleteVariant, { id: small?.id })).toEqual({ inStock: false, version: 7, priceRange: null });
  });

  it('change what is given, and lose the former price by null only', async () => {
    const { variants } = await make({ variants: [aVariant({ options: size('L'), compareAtPrice: { amount: '20' } })] });
    const id = variants[0]?.id;
    const send = async (changes: object): Promise<object> =>
      (await change(shop, staff, updateVariant, { id, ...changes }))['variant'];
    const whole = { title: 'L', selectedOptions: size('L'), price: gbp('10.00'), compareAtPrice: gbp('20.00') };
    expect(await send({})).toMatchObject({ ...whole, version: 2 });
    expect(await send({ sku: null, title: null, options: null, price: null })).toMatchObject({ ...whole, version: 3 });
    expect(await send({ title: 'Large', options: size('Large'), expectedVersion: 3 })).toMatchObject({
      ...whole,
      title: 'Large',
      selectedOptions: size('Large'),
    });
    expect(await send({ price: { amount: '5' }, compareAtPrice: null })).toMatchObject({
      title: 'Large',
      price: gbp('5.00'),
      compareAtPrice: null,
      availableQuantity: 5,
    });
  });

  it('have a weight and a tax class, which changes leave or set', async () => {
    const { id: productId, variants } = await make({ variants: [aVariant({ weightGrams: 250, taxClass: 'REDUCED' })] });
    const id = variants[0]?.id;
    const sent = async (document: string, input: object): Promise<object> =>
      (await change(shop, staff, document, input))['variant'];
    const left = { id, weightGrams: null, taxClass: null };
    expect(await sent(updateVariant, left)).toMatchObject({ weightGrams: 250, taxClass: 'REDUCED', version: 2 });
    expect(await sent(updateVariant, { id, weightGrams: 0 })).toMatchObject({ weightGrams: 0, taxClass: 'REDUCED' });
    expect(await sent(updateVariant, { id, taxClass: 'ZERO' })).toMatchObject({ weightGrams: 0, taxClass: 'ZERO' });
    const created = await sent(createVariant, { productId, ...aVariant({ options: size('L') }) });
    expect(created).toMatchObject({ weightGrams: 0, taxClass: 'STANDARD' });
    const heaviest = aVariant({ options: size('XL'), weightGrams: 1_000_000, taxClass: 'ZERO' });
    const heavy = await sent(createVariant, { productId, ...heaviest });
    expect(heavy).toMatchObject({ weightGrams: 1_000_000, taxClass: 'ZERO' });
    for (const weightGrams of [-1, 1_000_001]) {
      expect(await wrongPaths(shop, staff, updateVariant, { id, weightGrams })).toEqual(['input.weightGrams']);
      const input = { productId, ...aVariant({ weightGrams }) };
      expect(await wrongPaths(shop, staff, createVariant, input)).toEqual(['input.weightGrams']);
    }
  });

  it('go with their stock and ledger when deleted', async () => {
    const { variants } = await makeTwo();
    const payload = await change(shop, staff, deleteVariant, { id: variants[0]?.id, expectedVersion: 1 });
    expect(payload['deletedVariantId']).toBe(variants[0]?.id);
    expect(payload['product'].variants.map((variant: { id: string }) => variant.id)).toEqual([variants[1]?.id]);
    const left = `SELECT count(*) AS n FROM stock_movements m WHERE NOT EXISTS (SELECT FROM product_variants WHERE id = m.variant_id)`;
    expect(await countOf(shop, left)).toBe(0);
    expect(await refused(shop, staff, deleteVariant, { id: variants[0]?.id })).toBe('NOT_FOUND input.id');
  });

  it('are the same when their options are, in whatever order, and may choose at length', async () => {
    const ink = { name: 'Ink', value: '赤'.repeat(100) };
    const long = [...'ABC'].map((letter) => ({ name: `${letter}${'長'.repeat(99)}`, value: '値'.repeat(100) }));
    const { id } = await make({ variants: [aVariant({ options: [...size('L'), ink, ...long] })] });
    const again = aVariant({ options: [...long, ink, ...size('L')] });
    expect(await refused(shop, staff, createVariant, { productId: id, ...again })).toBe('OPTIONS_TAKEN input.options');
  });

  it('are refused with taken SKU or options, another currency, stale version or unknown ids', async () => {
    const { id, variants } = await makeTwo();
    const [large, small] = variants;
    const other = await make({ variants: [aVariant()] });
    const adding = (traits: object): Promise<string> =>
      refused(shop, staff, createVariant, { productId: id, ...aVariant({ options: size('M') }), ...traits });
    expect(await adding({ sku: other.variants[0]?.sku })).toBe('SKU_TAKEN input.sku');
    expect(await adding({ options: size('L') })).toBe('OPTIONS_TAKEN input.options');
    expect(await adding({ price: { amount: '1', currency: 'USD' } })).toBe('CURRENCY_MISMATCH input.price');
    expect(await adding({ productId: NOBODY.product })).toBe('NOT_FOUND input.productId');
    const changing = (traits: object): Promise<string> =>
      refused(shop, staff, updateVariant, { id: small?.id, ...traits });
    expect(await changing({ sku: large?.sku })).toBe('SKU_TAKEN input.sku');
    expect(await changing({ options: size('L') })).toBe('OPTIONS_TAKEN input.options');
    expect(await changing({ compareAtPrice: { amount: '1', currency: 'USD' } })).toBe(
      'CURRENCY_MISMATCH input.compareAtPrice',
    );
    expect(await changing({ expectedVersion: 4 })).toBe('VERSION_CONFLICT input.expectedVersion');
    expect(await changing({ id: NOBODY.variant })).toBe('NOT_FOUND input.id');
    expect(await refused(shop, staff, deleteVariant, { id: small?.id, expectedVersion: 4 })).toBe(
      'VERSION_CONFLICT input.expectedVersion',
    );
    const paths = (document: string, input: object): Promise<string[]> => wrongPaths(shop, staff, document, input);
    expect(await paths(createVariant, { productId: id, ...aVariant({ price: { amount: '-1' } }) })).toEqual([
      'input.price.amount',
    ]);
    expect(await paths(updateVariant, { id: small?.id, price: { amount: '1.999' } })).toEqual(['input.price.amount']);
    expect(await paths(updateVariant, { id: NOBODY.product })).toEqual(['input.id']);
    expect(await paths(createVariant, { productId: NOBODY.variant, ...aVariant() })).toEqual(['input.productId']);
  });

  it('are at most 100 of one product, also when many are added at once', async () => {
    const variants = Array.from({ length: 95 }, (_, index) => aVariant({ options: size(`${index}`), stock: 0 }));
    const { id } = await make({ variants });
    const inputs = Array.from({ length: 10 }, (_, index) => ({
      productId: id,
      ...aVariant({ options: size(`+${index}`) }),
    }));
    const answers = await Promise.all(inputs.map((input) => shop.send(createVariant, { input }, staff.token)));
    expect(answers.map(codeOf).toSorted()).toEqual([
      ...Array.from({ length: 5 }, () => 'OK'),
      ...Array.from({ length: 5 }, () => 'TOO_MANY_VARIANTS'),
    ]);
  });

  it('lets exactly one of many win who read the same version', async () => {
    const { variants } = await make({ variants: [aVariant()] });
    const codes = await atOnce(6, updateVariant, { id: variants[0]?.id, price: { amount: '3' }, expectedVersion: 1 });
    expect(codes).toEqual(['OK', ...Array.from({ length: 5 }, () => 'VERSION_CONFLICT')]);
  });
});
