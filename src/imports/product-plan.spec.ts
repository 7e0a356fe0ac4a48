import type { StoredProduct, StoredVariant } from '../products/products.bulk.js';
import { ProductStatus } from '../products/product.type.js';
import { TaxClass } from '../products/tax-class.type.js';
import { ProductPlan } from './product-plan.js';
import type { ProductRowOfFile } from './product-rows.js';

const shirt: StoredProduct = {
  id: 'p',
  slug: 'shirt',
  name: 'Shirt',
  description: '',
  status: ProductStatus.ACTIVE,
  categoryId: 'c2',
  attributes: { Brand: 'A' },
  images: [{ url: 'https://a.example/1', alt: 'Front' }],
  unitsSold: 3,
};
const variant = (sku: string, size: string): StoredVariant => ({
  id: `v-${sku}`,
  productId: 'p',
  sku,
  title: size,
  options: [{ name: 'Size', value: size }],
  priceMinor: 1_000,
  compareAtMinor: 1_200,
  currency: 'GBP',
  weightGrams: 250,
  taxClass: TaxClass.REDUCED,
  position: size === 'L' ? 0 : 4,
  onHand: 9,
  reserved: 2,
});
const row = (given: Partial<ProductRowOfFile>): ProductRowOfFile => ({
  line: 2,
  sku: 'L',
  details: {},
  priceMinor: 1_000,
  ...given,
});
const plan = (firstLine: number | null = null): ProductPlan =>
  new ProductPlan([shirt], [variant('L', 'L'), variant('M', 'M')], {
    categoryIds: () => ['c1', 'c2'],
    firstLineOf: () => firstLine,
    defaultStock: 7,
  });
const size = (value: string) => [{ name: 'Size', value }];

describe('a plan', () => {
  it('finds nothing to do where everything is as the row says', () => {
    const { attributes } = shirt;
    const details = { name: 'Shirt', category: ['Any'], attributes, images: ['https://a.example/1'], units_sold: 3 };
    const made = plan();
    expect(made.add(row({ details, title: 'L', options: size('L'), compareAtMinor: 1_200, stock: 9 }))).toBe(
      'unchanged',
    );
    expect(made.add(row({ sku: 'M', weightGrams: 250, taxClass: TaxClass.REDUCED }))).toBe('unchanged');
    expect([...made.drafts].map(({ changed, variants }) => [changed, variants])).toEqual([[false, []]]);
  });

  it('keeps the texts of pictures that stay', () => {
    const made = plan();
    expect(made.add(row({ details: { images: ['https://a.example/2', 'https://a.example/1'] } }))).toBe('updated');
    expect([...made.drafts][0]?.values.images).toEqual([
      { url: 'https://a.example/2', alt: '' },
      { url: 'https://a.example/1', alt: 'Front' },
    ]);
  });

  it.each([
    [{ weightGrams: 0 }, { weightGrams: 0, taxClass: 'REDUCED' }],
    [{ taxClass: TaxClass.ZERO }, { weightGrams: 250, taxClass: 'ZERO' }],
  ])('changes %j and nothing else', (given, expected) => {
    const made = plan();
    expect(made.add(row(given))).toBe('updated');
    const same = { title: 'L', priceMinor: 1_000, compareAtMinor: 1_200, onHand: null };
    expect([...made.drafts].flatMap(({ variants }) => variants)).toMatchObject([{ ...same, ...expected }]);
  });

  it('puts new variants behind the others, with the stock of the import', () => {
    const made = plan();
    expect(made.add(row({ sku: 'S', product: 'shirt', options: size('S') }))).toBe('created');
    expect([...made.drafts][0]?.variants).toMatchObject([
      { sku: 'S', position: 5, onHand: 7, title: null, weightGrams: 0, taxClass: 'STANDARD', changed: true },
    ]);
  });

  it.each<[Partial<ProductRowOfFile>, string]>([
    [{ sku: 'X' }, 'name: is missing, and the product is new'],
    [{ product: 'trousers' }, 'sku: L belongs to the product "shirt"'],
    [{ options: size('M') }, 'options: are those of M, another variant of the product'],
    [{ sku: 'S', product: 'shirt', options: size('M') }, 'options: are those of M, another variant of the product'],
    [{ stock: 1 }, 'stock: 2 units are promised to customers, so 1 are too few'],
  ])('refuses %j and keeps no trace of it', (given, reason) => {
    const made = plan();
    expect(() => made.add(row(given))).toThrow(reason);
    expect(made.drafts.size).toBe(0);
  });

  it('lets only the first row of a product say what it is, also in an earlier batch', () => {
    const made = plan();
    expect(made.add(row({ details: { name: 'Blouse' } }))).toBe('updated');
    expect(made.add(row({ line: 3, sku: 'M', details: { name: 'Blouse' } }))).toBe('unchanged');
    const other = row({ line: 4, sku: 'S', product: 'shirt', options: size('S'), details: { name: 'Skirt' } });
    expect(() => made.add(other)).toThrow('name: is not what line 2 says about the same product');
    expect(() => plan(40).add(other)).toThrow('name: is not what line 40 says about the same product');
  });

  it('refuses a variant too many', () => {
    const made = plan();
    for (let n = 3; n <= 100; n += 1) made.add(row({ sku: `${n}`, product: 'shirt', options: size(`${n}`) }));
    const last = row({ sku: '101', product: 'shirt', options: size('101') });
    expect(() => made.add(last)).toThrow('sku: the product has 100 variants already');
  });
});
