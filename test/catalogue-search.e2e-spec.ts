import { Role } from '../src/access/role.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { signUp, type Account } from './support/accounts.js';
import { aVariant, codeOf, makeCategory, makeProduct, type MadeCategory } from './support/catalogue.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const SEARCH = `query ($text: String!, $filter: ProductFilter, $sort: ProductSort) {
  search(text: $text, filter: $filter, sort: $sort, first: 50) { nodes { name } totalCount }
}`;
const FACETS = `query ($text: String!, $filter: ProductFilter) {
  search(text: $text, filter: $filter) {
    totalCount
    facets {
      categories { category { name } count }
      attributes { name values { value count } }
      priceBands { min { amount currency } max { amount currency } count }
      inStockCount
      outOfStockCount
    }
  }
}`;
const SUGGEST = `query ($prefix: String!, $first: Int) { searchSuggestions(prefix: $prefix, first: $first) { text product { name } } }`;

let shop: Shop;
let staff: Account;

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterAll(() => shop?.close());

const make = (name: string, traits: object = {}): Promise<{ id: string }> =>
  makeProduct(shop, staff, { name, ...traits });
const attribute = (name: string, value: string): object[] => [{ name, value }];
const priced = (amount: string, stock = 5): object[] => [aVariant({ price: { amount }, stock })];

async function sold(product: { id: string }, units: number): Promise<void> {
  const sql = 'UPDATE products SET units_sold = $2 WHERE id = $1';
  await shop.database.query('test.sold', sql, [uuidOf('product', product.id), units]);
}

/** Names of what a text finds, in order. */
async function found(text: string, more: object = {}): Promise<string[]> {
  const { data, errors } = await shop.send(SEARCH, { text, ...more });
  expect(errors).toBeUndefined();
  const names = data['search'].nodes.map(({ name }: { name: string }) => name);
  expect(data['search'].totalCount).toBe(names.length);
  return names;
}

async function suggested(prefix: string, first = 8): Promise<string[]> {
  const { data, errors } = await shop.send(SUGGEST, { prefix, first });
  expect(errors).toBeUndefined();
  const suggestions = data['searchSuggestions'] as { text: string; product: { name: string } }[];
  for (const { text, product } of suggestions) expect(text).toBe(product.name);
  return suggestions.map(({ text }) => text);
}

describe('search', () => {
  beforeAll(async () => {
    await make('Trail Running Shoes', {
      description: 'They carry you far.',
      variants: [aVariant({ sku: 'HAPPY-FEET.77' })],
    });
    await make('Crème Brûlée Torch', { attributes: attribute('Fuel', 'Butane gas') });
    await make('Notebook Sleeve', { description: 'Keeps a laptop from scratches.' });
    await make('Laptop Stand', { attributes: attribute('Material', 'Aluminium'), variants: priced('30.00') });
    await make('Desk Organizer', { attributes: attribute('Fits', 'any laptop'), variants: priced('12.00', 0) });
    await make('Hidden Laptop', { status: 'DRAFT' });
    await make('Øresund Чайник', {});
    await make('Theatre Mask 2000', {});
  });

  it.each([
    ['a word', 'torch', ['Crème Brûlée Torch']],
    ['another form of a word', 'shoe', ['Trail Running Shoes']],
    ['the stem of a word', 'runs', ['Trail Running Shoes']],
    ['the beginning of a word', 'tor', ['Crème Brûlée Torch']],
    ['words without their accents', 'creme brulee', ['Crème Brûlée Torch']],
    ['words with accents of their own', 'Törch', ['Crème Brûlée Torch']],
    ['capitals and blanks', '  TORCH  ', ['Crème Brûlée Torch']],
    ['another alphabet', 'чайник', ['Øresund Чайник']],
    ['a word of the description', 'scratches', ['Notebook Sleeve']],
    ['the value of an attribute', 'butane', ['Crème Brûlée Torch']],
    ['a whole SKU', 'HAPPY-FEET.77', ['Trail Running Shoes']],
    ['a part of an SKU in small letters', 'happy', ['Trail Running Shoes']],
    ['a number', '2000', ['Theatre Mask 2000']],
    ['all words, wherever they stand', 'aluminium laptop', ['Laptop Stand']],
    ['the beginning of a word that is also a small word', 'the', ['Theatre Mask 2000']],
    ['a sentence with small words', 'the stand for a laptop', ['Laptop Stand']],
    ['words, where operators would find nothing', 'laptop & !stand', ['Laptop Stand']],
    ['words of which one is nowhere', 'laptop unicornhorn', []],
    ['nothing at all', 'unicornhorn', []],
    ['only punctuation', '?!.,;:-_*&|()<>\'"\\', []],
    ['only blanks', '   ', []],
  ])('finds by %s', async (_what, text, expected) => {
    expect(await found(text)).toEqual(expected);
  });

  it.each([
    ['labtop', ['Laptop Stand']],
    ['labtop satnd', ['Laptop Stand']],
    ['labtop unicorn', []],
    ['notbook', ['Notebook Sleeve']],
    ['organiser', ['Desk Organizer']],
    ['torhc', ['Crème Brûlée Torch']],
  ])('forgives the typing error in %j', async (text, expected) => {
    expect(await found(text)).toEqual(expected);
  });

  it('puts names before attributes before descriptions, unless sorted otherwise', async () => {
    expect(await found('laptop')).toEqual(['Laptop Stand', 'Desk Organizer', 'Notebook Sleeve']);
    expect(await found('laptop', { sort: { field: 'RELEVANCE' } })).toEqual([
      'Notebook Sleeve',
      'Desk Organizer',
      'Laptop Stand',
    ]);
    expect(await found('laptop', { sort: { field: 'PRICE' } })).toEqual([
      'Desk Organizer',
      'Laptop Stand',
      'Notebook Sleeve',
    ]);
    expect(await found('laptop', { sort: { field: 'NAME', direction: 'DESC' } })).toEqual([
      'Notebook Sleeve',
      'Laptop Stand',
      'Desk Organizer',
    ]);
  });

  it('narrows down by a filter, and forgives nothing when something fits without it', async () => {
    expect(await found('laptop', { filter: { price: { min: '1' } }, sort: { field: 'NAME' } })).toEqual([
      'Desk Organizer',
      'Laptop Stand',
    ]);
    expect(await found('laptop', { filter: { inStock: true } })).toEqual(['Laptop Stand']);
    expect(await found('laptop', { filter: { price: { min: '500' } } })).toEqual([]);
    expect(await found('labtop', { filter: { inStock: false } })).toEqual([]);
  });

  it.each([
    [SEARCH, { text: '' }, 'text'],
    [SEARCH, { text: 'x'.repeat(201) }, 'text'],
    [SUGGEST, { prefix: '' }, 'prefix'],
    [SUGGEST, { prefix: 'x'.repeat(101) }, 'prefix'],
    [SUGGEST, { prefix: 'x', first: 0 }, 'first'],
    [SUGGEST, { prefix: 'x', first: 21 }, 'first'],
  ])('refuses %#', async (document, variables, path) => {
    const { errors } = await shop.send(document, variables);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path }] });
  });

  it('takes long texts of many words', async () => {
    expect(codeOf(await shop.send(SEARCH, { text: 'a '.repeat(100) }))).toBe('OK');
    expect(codeOf(await shop.send(SEARCH, { text: 'ß'.repeat(200) }))).toBe('OK');
  });
});

const facetsOf = async (text: string, filter: object = {}): Promise<Answer['data']> => {
  const { data, errors } = await shop.send(FACETS, { text, filter });
  expect(errors).toBeUndefined();
  return data['search'].facets;
};

const gbp = (amount: string): object => ({ amount, currency: 'GBP' });

describe('facets', () => {
  const categories: MadeCategory[] = [];

  beforeAll(async () => {
    for (const name of ['Facet A', 'Facet B']) categories.push(await makeCategory(shop, staff, { name }));
    // Ten for 5.00, three for 9.00 and one without a price; four are sold out.
    for (let n = 0; n < 14; n += 1) {
      await make(`Gizmo ${n}`, {
        categoryId: n === 13 ? null : categories[n < 3 ? 0 : 1]?.id,
        attributes: [
          ...attribute('Colour', n < 2 ? 'Amber' : n % 2 === 0 ? 'Blue' : 'Cyan'),
          ...(n < 5 ? attribute('Grade', `G${n}`) : []),
        ],
        variants: n === 13 ? [] : priced(n < 10 ? '5.00' : '9.00', n < 3 ? 0 : 2),
      });
    }
    for (let n = 0; n < 12; n += 1)
      await make(`Widget ${n}`, { attributes: [...attribute('Nr', `${n}`), ...attribute(`Own ${n}`, 'yes')] });
  });

  it('count all that is found by category, attribute, price and stock', async () => {
    expect(await facetsOf('gizmo')).toEqual({
      categories: [
        { category: { name: 'Facet B' }, count: 10 },
        { category: { name: 'Facet A' }, count: 3 },
      ],
      attributes: [
        {
          name: 'Colour',
          values: [
            { value: 'Blue', count: 6 },
            { value: 'Cyan', count: 6 },
            { value: 'Amber', count: 2 },
          ],
        },
        { name: 'Grade', values: [0, 1, 2, 3, 4].map((n) => ({ value: `G${n}`, count: 1 })) },
      ],
      priceBands: [
        { min: gbp('5.00'), max: gbp('5.00'), count: 10 },
        { min: gbp('9.00'), max: gbp('9.00'), count: 3 },
      ],
      inStockCount: 10,
      outOfStockCount: 4,
    });
  });

  it('count what a filter leaves', async () => {
    const filter = { categoryId: categories[0]?.id, attributes: [{ name: 'Colour', values: ['Amber'] }] };
    expect(await facetsOf('gizmo', filter)).toEqual({
      categories: [{ category: { name: 'Facet A' }, count: 2 }],
      attributes: [
        { name: 'Colour', values: [{ value: 'Amber', count: 2 }] },
        {
          name: 'Grade',
          values: [
            { value: 'G0', count: 1 },
            { value: 'G1', count: 1 },
          ],
        },
      ],
      priceBands: [{ min: gbp('5.00'), max: gbp('5.00'), count: 2 }],
      inStockCount: 0,
      outOfStockCount: 2,
    });
  });

  it('are ten attributes with ten values at most, and none when nothing is found', async () => {
    const { attributes } = await facetsOf('widget');
    expect(attributes).toHaveLength(10);
    expect(attributes[0].name).toBe('Nr');
    expect(attributes[0].values).toHaveLength(10);
    const nothing = { categories: [], attributes: [], priceBands: [], inStockCount: 0, outOfStockCount: 0 };
    expect(await facetsOf('unicornhorn')).toEqual(nothing);
  });

  it('show bands of prices that hold as many products as narrowing down to them finds', async () => {
    for (let n = 0; n < 23; n += 1) await make(`Bandit ${n}`, { variants: priced(`${1 + ((n * n) % 17)}.50`) });
    const { priceBands } = await facetsOf('bandit');
    const bands = priceBands as { min: { amount: string }; max: { amount: string }; count: number }[];
    expect(bands.length).toBeGreaterThan(3);
    expect(bands.length).toBeLessThanOrEqual(5);
    expect(bands.reduce((sum, { count }) => sum + count, 0)).toBe(23);
    for (const { min, max, count } of bands) {
      expect(await found('bandit', { filter: { price: { min: min.amount, max: max.amount } } })).toHaveLength(count);
    }
  });
});

describe('searchSuggestions', () => {
  beforeAll(async () => {
    await sold(await make('Sofa Bed'), 3);
    await sold(await make('Sofa Table'), 9);
    await sold(await make('Corner Sofa'), 50);
    await make('Sofa Hidden', { status: 'DRAFT' });
    await make('Sofa Gone', { status: 'ARCHIVED' });
    await make('Espresso Machine');
  });

  it('continue what is typed: beginnings of names first, then the best-selling', async () => {
    const sofas = ['Sofa Table', 'Sofa Bed', 'Corner Sofa'];
    for (const prefix of ['sofa', 'SOF', 'so', ' so', 'sófa'])
      expect([prefix, await suggested(prefix)]).toEqual([prefix, sofas]);
    expect(await suggested('sofa', 2)).toEqual(sofas.slice(0, 2));
    expect(await suggested('sofa b')).toEqual(['Sofa Bed']);
    expect(await suggested('esp')).toEqual(['Espresso Machine']);
    expect(await suggested('unicornhorn')).toEqual([]);
    expect(await suggested('%')).toEqual([]);
  });

  it('come from the first letter on, also while the letters are a small word', async () => {
    const typed = 'theatre';
    for (let length = 1; length <= typed.length; length += 1) {
      expect([typed.slice(0, length), await suggested(typed.slice(0, length))]).toEqual([
        typed.slice(0, length),
        expect.arrayContaining(['Theatre Mask 2000']),
      ]);
    }
  });
});
