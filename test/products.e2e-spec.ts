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
} from './support/catalogue.js';
import { startShop, type Shop } from './support/shop.js';

const { create } = PRODUCT_CHANGES;

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const pounds = (amount: string): object => ({ amount, currency: 'GBP' });
const long = (text: string, count: number): string => text.repeat(count);
const size = (value: string): object[] => [{ name: 'Size', value }];

describe('createProduct', () => {
  it('adds a product with variants, options, attributes, images and stock, and tells of it once', async () => {
    const category = await makeCategory(shop, staff, { name: 'Lamps' });
    const { product } = await change(shop, staff, create, {
      name: 'Brass Lamp',
      description: 'Warm light.',
      status: 'DRAFT',
      categoryId: category.id,
      images: [{ url: 'https://shop.example/1.jpg', alt: 'Front' }, { url: 'https://shop.example/2.jpg' }],
      attributes: [
        { name: 'Watts', value: '40' },
        { name: 'Colour', value: 'Gold' },
      ],
      variants: [
        { sku: 'BL-L', options: size('L'), price: { amount: '49.5' }, compareAtPrice: { amount: '60' }, stock: 3 },
        { sku: 'BL-S', options: size('S'), price: { amount: '20.00', currency: 'GBP' }, title: 'Small one' },
      ],
    });
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(product).toEqual({
      id: expect.stringMatching(/^product_[0-9a-f]{32}$/),
      slug: 'brass-lamp',
      name: 'Brass Lamp',
      description: 'Warm light.',
      status: 'DRAFT',
      inStock: true,
      version: 1,
      createdAt: instant,
      updatedAt: product.createdAt,
      category: { id: category.id },
      images: [
        { url: 'https://shop.example/1.jpg', alt: 'Front' },
        { url: 'https://shop.example/2.jpg', alt: '' },
      ],
      attributes: [
        { name: 'Colour', value: 'Gold' },
        { name: 'Watts', value: '40' },
      ],
      options: [{ name: 'Size', values: ['L', 'S'] }],
      priceRange: { min: pounds('20.00'), max: pounds('49.50') },
      variants: [
        {
          id: expect.stringMatching(/^variant_[0-9a-f]{32}$/),
          sku: 'BL-L',
          title: 'L',
          version: 1,
          inStock: true,
          availableQuantity: 3,
          selectedOptions: size('L'),
          price: pounds('49.50'),
          compareAtPrice: pounds('60.00'),
        },
        {
          id: expect.stringMatching(/^variant_[0-9a-f]{32}$/),
          sku: 'BL-S',
          title: 'Small one',
          version: 1,
          inStock: false,
          availableQuantity: 0,
          selectedOptions: size('S'),
          price: pounds('20.00'),
          compareAtPrice: null,
        },
      ],
    });
    const ledger = await shop.database.query(
      'test.ledger',
      `SELECT v.sku, m.delta, m.on_hand_after AS after, m.reason, m.actor_id AS actor
       FROM stock_movements m JOIN product_variants v ON v.id = m.variant_id WHERE v.sku LIKE 'BL-%'`,
    );
    expect(ledger).toEqual([{ sku: 'BL-L', delta: 3, after: 3, reason: 'INITIAL', actor: staff.uuid }]);
    const events = `SELECT count(*) AS n FROM (SELECT payload FROM event_outbox UNION ALL SELECT payload FROM event_log) e
      WHERE payload->'product'->>'slug' = 'brass-lamp'`;
    expect(await countOf(shop, events)).toBe(1);
  });

  it('adds a product of a name alone: for sale, without a price, sold out', async () => {
    const { product } = await change(shop, staff, create, { name: 'Bare' });
    expect(product).toMatchObject({
      slug: 'bare',
      status: 'ACTIVE',
      description: '',
      inStock: false,
      category: null,
      priceRange: null,
      variants: [],
      options: [],
      images: [],
      attributes: [],
    });
    const { product: single } = await change(shop, staff, create, { name: 'Single', variants: [aVariant()] });
    expect(single.variants).toMatchObject([{ title: 'Default', selectedOptions: [], availableQuantity: 5 }]);
  });

  it('makes slugs from names and numbers them when taken', async () => {
    const slugs = [];
    for (const name of ['Café Table', 'Cafe table!', 'Стол', 'Стол', '机', '机']) {
      slugs.push((await makeProduct(shop, staff, { name })).slug);
    }
    expect(slugs).toEqual(['cafe-table', 'cafe-table-2', 'stol', 'stol-2', 'item', 'item-2']);
    expect((await makeProduct(shop, staff, { name: 'Any', slug: 'chosen-1' })).slug).toBe('chosen-1');
  });

  it('gives many who create the same name at once a slug each', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => makeProduct(shop, staff, { name: 'Crowded' })));
    const numbered = Array.from({ length: 11 }, (_, index) => `crowded-${index + 2}`);
    expect(made.map(({ slug }) => slug).toSorted()).toEqual(['crowded', ...numbered].toSorted());
  });

  it('takes prices of nothing, of the largest amount and with needless zeros', async () => {
    const prices = ['0', '90000000000.00', '7.1000'];
    const variants = prices.map((amount, index) => aVariant({ price: { amount }, options: size(String(index)) }));
    const { product } = await change(shop, staff, create, { name: 'Prices', variants });
    const amounts = product.variants.map(({ price }: { price: { amount: string } }) => price.amount);
    expect(amounts).toEqual(['0.00', '90000000000.00', '7.10']);
    expect(product.priceRange).toEqual({ min: pounds('0.00'), max: pounds('90000000000.00') });
  });

  it('takes texts of the greatest lengths in any script', async () => {
    const options = Array.from({ length: 5 }, (_, index) => ({
      name: `${index}${long('n', 99)}`,
      value: long('v', 100),
    }));
    const { product } = await change(shop, staff, create, {
      name: long('長', 300),
      description: long('文 ', 10_000),
      attributes: Array.from({ length: 50 }, (_, index) => ({
        name: `${index} ${long('n', 90)}`,
        value: long('v', 500),
      })),
      variants: [aVariant({ sku: long('S', 100), options })],
    });
    expect(product.slug).toBe('item-3');
    expect(product.attributes).toHaveLength(50);
    expect(product.variants[0].selectedOptions).toEqual(options);
    expect(product.variants[0].title).toHaveLength(200);
  });

  it('finds a product by id, slug and SKU', async () => {
    const { id, slug } = await makeProduct(shop, staff, { name: 'Findable', variants: [aVariant({ sku: 'FIND-1' })] });
    const document = 'query ($by: ProductBy!) { product(by: $by) { id } }';
    const of = async (by: object): Promise<unknown> => (await shop.send(document, { by })).data['product'];
    expect([await of({ id }), await of({ slug }), await of({ sku: 'FIND-1' })]).toEqual([{ id }, { id }, { id }]);
    expect([await of({ id: NOBODY.product }), await of({ slug: 'no' }), await of({ sku: 'find-1' })]).toEqual([
      null,
      null,
      null,
    ]);
    const foreign = await shop.send(document, { by: { id: NOBODY.variant } });
    expect(foreign.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'by.id' }] });
  });
});

describe('createProduct refuses', () => {
  beforeAll(() => makeProduct(shop, staff, { name: 'Existing', variants: [aVariant({ sku: 'TAKEN' })] }));

  it.each<[string, object, string]>([
    ['a taken slug', { slug: 'existing', variants: [aVariant()] }, 'SLUG_TAKEN input.slug'],
    [
      'a SKU of another product',
      { variants: [aVariant(), aVariant({ sku: 'TAKEN', options: size('L') })] },
      'SKU_TAKEN input.variants',
    ],
    [
      'a SKU twice',
      { variants: [aVariant({ sku: 'TWICE' }), aVariant({ sku: 'TWICE', options: size('L') })] },
      'SKU_TAKEN input.variants',
    ],
    ['the same options twice', { variants: [aVariant(), aVariant()] }, 'OPTIONS_TAKEN input.variants'],
    [
      'another currency',
      { variants: [aVariant(), aVariant({ options: size('L'), price: { amount: '5', currency: 'EUR' } })] },
      'CURRENCY_MISMATCH input.variants.1.price',
    ],
    [
      'another currency of the former price',
      { variants: [aVariant({ compareAtPrice: { amount: '5', currency: 'JPY' } })] },
      'CURRENCY_MISMATCH input.variants.0.compareAtPrice',
    ],
    ['an unknown category', { categoryId: NOBODY.category, variants: [aVariant()] }, 'NOT_FOUND input.categoryId'],
  ])('%s', async (_what, input, expected) => {
    expect(await refused(shop, staff, create, { name: 'New', ...input })).toBe(expected);
  });

  it.each<[string, object, string]>([
    ['a negative price', { variants: [aVariant({ price: { amount: '-0.01' } })] }, 'input.variants.0.price.amount'],
    [
      'a price finer than a penny',
      { variants: [aVariant(), aVariant({ options: size('L'), price: { amount: '1.001' } })] },
      'input.variants.1.price.amount',
    ],
    [
      'too large a price',
      { variants: [aVariant({ price: { amount: '90000000000.01' } })] },
      'input.variants.0.price.amount',
    ],
    [
      'too fine a former price',
      { variants: [aVariant({ compareAtPrice: { amount: '0.009' } })] },
      'input.variants.0.compareAtPrice.amount',
    ],
    ['no name', { name: '' }, 'input.name'],
    ['a name of 301 characters', { name: 'x'.repeat(301) }, 'input.name'],
    ['a description of 20001 characters', { description: 'x'.repeat(20_001) }, 'input.description'],
    ['a slug that is none', { slug: 'Brass Lamp' }, 'input.slug'],
    ['an SKU of 101 characters', { variants: [aVariant({ sku: 'x'.repeat(101) })] }, 'input.variants.0.sku'],
    ['no SKU', { variants: [aVariant({ sku: '' })] }, 'input.variants.0.sku'],
    ['a title of 201 characters', { variants: [aVariant({ title: 'x'.repeat(201) })] }, 'input.variants.0.title'],
    ['negative stock', { variants: [aVariant({ stock: -1 })] }, 'input.variants.0.stock'],
    ['stock above the limit', { variants: [aVariant({ stock: 100_000_001 })] }, 'input.variants.0.stock'],
    [
      'an option twice',
      { variants: [aVariant({ options: [...size('L'), ...size('S')] })] },
      'input.variants.0.options',
    ],
    [
      'six options',
      { variants: [aVariant({ options: [1, 2, 3, 4, 5, 6].map((n) => ({ name: `${n}`, value: 'x' })) })] },
      'input.variants.0.options',
    ],
    [
      'an attribute twice',
      {
        attributes: [
          { name: 'Colour', value: 'Red' },
          { name: 'Colour', value: 'Blue' },
        ],
      },
      'input.attributes',
    ],
    ['an empty attribute', { attributes: [{ name: 'Colour', value: '' }] }, 'input.attributes.0.value'],
    ['51 images', { images: Array.from({ length: 51 }, () => ({ url: 'https://a.example' })) }, 'input.images'],
    [
      'a long text for an image',
      { images: [{ url: 'https://a.example', alt: 'x'.repeat(301) }] },
      'input.images.0.alt',
    ],
    ['the id of a product as category', { categoryId: NOBODY.product }, 'input.categoryId'],
    [
      '101 variants',
      { variants: Array.from({ length: 101 }, (_, n) => aVariant({ options: size(`${n}`) })) },
      'input.variants',
    ],
  ])('%s', async (_what, input, path) => {
    expect(await wrongPaths(shop, staff, create, { name: 'New', ...input })).toEqual([path]);
  });

  it.each<[string, object]>([
    ['a price that is no decimal', { variants: [aVariant({ price: { amount: '1e3' } })] }],
    ['a picture that is no web address', { images: [{ url: 'javascript:alert(1)' }] }],
    ['text that PostgreSQL cannot store', { name: 'nul \0 byte' }],
    ['half of a surrogate pair', { variants: [aVariant({ sku: '\ud800' })] }],
  ])('%s', async (_what, input) => {
    const [path] = await wrongPaths(shop, staff, create, { name: 'New', ...input });
    expect(path).toMatch(/^input\.(name|images.0.*url|variants.0.*(sku|price\.amount))$/);
  });
});

describe('many products at once', () => {
  it('take an SKU exactly once', async () => {
    const variants = [aVariant({ sku: 'FOUGHT-OVER' })];
    const inputs = Array.from({ length: 8 }, (_, index) => ({ name: `Rival ${index}`, variants }));
    const answers = await Promise.all(inputs.map((input) => shop.send(create, { input }, staff.token)));
    expect(answers.map(codeOf).toSorted()).toEqual(['OK', ...Array.from({ length: 7 }, () => 'SKU_TAKEN')]);
    expect(await countOf(shop, `SELECT count(*) AS n FROM products WHERE name LIKE 'Rival %'`)).toBe(1);
  });
});
