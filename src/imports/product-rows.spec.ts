import { acceptHeader, readProductRow } from './product-rows.js';

const rules = { shopCurrency: 'GBP' };
const read = (cells: Record<string, unknown>) =>
  readProductRow(2, new Map(Object.entries({ sku: 'A', price: '1.50', ...cells })), rules);

describe('a row of a product file', () => {
  it('says what its cells say and no more', () => {
    expect(read({ name: ' Lamp ', stock: ' ', category: 'Home > Lamps', options: 'Size: L', status: 'draft' })).toEqual(
      {
        line: 2,
        sku: 'A',
        priceMinor: 150,
        details: { name: ' Lamp ', category: ['Home', 'Lamps'], status: 'DRAFT' },
        options: [{ name: 'Size', value: 'L' }],
      },
    );
  });

  it.each<[string, Record<string, unknown>, object]>([
    ['pairs as objects', { options: { Size: 'L' } }, { options: [{ name: 'Size', value: 'L' }] }],
    ['pairs as a list', { options: [{ name: 'Size', value: 4 }] }, { options: [{ name: 'Size', value: '4' }] }],
    ['numbers', { price: 2.5, stock: 3 }, { priceMinor: 250, stock: 3 }],
    ['URLs as a list', { images: ['https://a.example/1'] }, { details: { images: ['https://a.example/1'] } }],
    [
      'a weight, and a tax class in lower case',
      { weight_grams: 250, tax_class: 'zero' },
      { weightGrams: 250, taxClass: 'ZERO' },
    ],
    ['no price to compare with', { compare_at_price: null }, { compareAtMinor: null }],
  ])('understands JSON: %s', (_, cells, expected) => {
    expect(read(cells)).toMatchObject(expected);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ sku: '' }, 'sku: is missing'],
    [{ sku: ' A' }, 'sku: " A" begins or ends with a blank'],
    [{ sku: 'x'.repeat(101) }, 'sku: has more than 100 characters'],
    [{ price: ' ' }, 'price: is missing'],
    [{ price: '-1' }, 'price: "-1" is negative'],
    [{ price: '1.999' }, 'price: "1.999" is not an amount of GBP with at most 2 decimal places'],
    [{ price: '£2' }, 'price: "£2" is not an amount of GBP with at most 2 decimal places'],
    [{ compare_at_price: '-0.01' }, 'compare_at_price: "-0.01" is negative'],
    [{ currency: 'XYZ' }, 'currency: "XYZ" is no ISO 4217 code'],
    [{ currency: 'eur' }, 'currency: the price is in EUR; this shop sells in GBP'],
    [{ name: 'a\0b' }, 'name: holds a NUL byte'],
    [{ name: 'a\uFFFDb' }, 'name: is not well-formed UTF-8'],
    [{ name: 'a\ud800' }, 'name: is not well-formed UTF-8'],
    [{ name: {} }, 'name: must be a text'],
    [
      { product: 'Not A Slug' },
      'product: "Not A Slug" is not a slug (lower-case letters and digits, joined by single hyphens)',
    ],
    [{ status: 'gone' }, 'status: "GONE" is not one of DRAFT, ACTIVE, ARCHIVED'],
    [{ stock: '-1' }, 'stock: "-1" is not a whole number from 0 to 100000000'],
    [{ stock: '1.5' }, 'stock: "1.5" is not a whole number from 0 to 100000000'],
    [{ weight_grams: '1000001' }, 'weight_grams: "1000001" is not a whole number from 0 to 1000000'],
    [{ tax_class: 'food' }, 'tax_class: "FOOD" is not one of STANDARD, REDUCED, ZERO'],
    [{ options: 'Large' }, 'options: "Large" has no colon; the form is "Name: Value | Name: Value"'],
    [{ options: 'Size: L | Size: M' }, 'options: has a name twice'],
    [{ options: 'Size:' }, 'options: a name or a value is empty'],
    [{ options: 'a:1|b:2|c:3|d:4|e:5|f:6' }, 'options: has more than 5 entries'],
    [{ images: 'ftp://a.example/1' }, 'images: "ftp://a.example/1" is not an http or https URL'],
    [{ category: 'a > > b' }, 'category: "a > > b" has an empty name'],
    [{ category: Array.from({ length: 13 }, (_, n) => n).join('>') }, 'category: the tree has at most 12 levels'],
  ])('is refused: %j', (cells, reason) => {
    expect(() => read(cells)).toThrow(reason);
  });
});

describe('the header of a product file', () => {
  it('must have a SKU and a price in the currency of the shop; other columns are ignored', () => {
    expect(acceptHeader(['sku', 'price_gbp', 'price_min', 'colour'], 'GBP')).toEqual(['price_min', 'colour']);
    expect(() => acceptHeader(['name', 'price'], 'GBP')).toThrow(
      'the header has no column "sku"; it has: name, price.',
    );
    expect(() => acceptHeader(['sku', 'cost'], 'GBP')).toThrow('no column "price" or "price_gbp"; it has: sku, cost.');
    expect(() => acceptHeader(['sku', 'price_eur'], 'GBP')).toThrow(
      '"price_eur" is in another currency; this shop sells in GBP.',
    );
  });
});
