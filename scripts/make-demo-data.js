// Makes data/demo-products.ndjson, the demo catalogue in the shop's own import format, from the two sources beside it.
// Run it after a change of a source or of a rule here: node scripts/make-demo-data.js
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

const data = join(import.meta.dirname, '..', 'data');
const read = (file) => readFileSync(join(data, file), 'utf8');

const VENDURE_CATEGORIES = {
  'Electronics > Photo': 'Electronics > Cameras & Photo',
  'Electronics > Computers': 'Electronics > Computers > Components & Peripherals',
  'Sports & Outdoor > Equipment': 'Sports & Outdoor > Equipment',
  'Sports & Outdoor > Footwear': 'Sports & Outdoor > Footwear',
  'Home & Garden > Plants': 'Home & Garden > Plants',
  'Home & Garden > Furniture': 'Home & Garden > Furniture',
};
const VENDURE_EXCEPTIONS = {
  laptop: 'Electronics > Computers > Laptops',
  'gaming-pc': 'Electronics > Computers > Desktops',
  tablet: 'Electronics > Phones & Tablets > Tablets',
  'hand-trowel': 'Home & Garden > Garden Tools',
  'guardian-lion-statue': 'Home & Garden > Decoration',
  'light-shade': 'Home & Garden > Decoration',
};
const DUMMYJSON_CATEGORIES = {
  beauty: 'Beauty > Make-up',
  fragrances: 'Beauty > Fragrances',
  'skin-care': 'Beauty > Skin Care',
  furniture: 'Home & Garden > Furniture',
  'home-decoration': 'Home & Garden > Decoration',
  'kitchen-accessories': 'Home & Garden > Kitchen',
  laptops: 'Electronics > Computers > Laptops',
  smartphones: 'Electronics > Phones & Tablets > Smartphones',
  tablets: 'Electronics > Phones & Tablets > Tablets',
  'mobile-accessories': 'Electronics > Phones & Tablets > Accessories',
  'mens-shirts': 'Fashion > Men > Shirts',
  'mens-shoes': 'Fashion > Men > Shoes',
  'mens-watches': 'Fashion > Men > Watches',
  tops: 'Fashion > Women > Tops',
  'womens-bags': 'Fashion > Women > Bags',
  'womens-dresses': 'Fashion > Women > Dresses',
  'womens-jewellery': 'Fashion > Women > Jewellery',
  'womens-shoes': 'Fashion > Women > Shoes',
  'womens-watches': 'Fashion > Women > Watches',
  sunglasses: 'Fashion > Sunglasses',
  motorcycle: 'Vehicles > Motorcycles',
  vehicle: 'Vehicles > Cars',
  'sports-accessories': 'Sports & Outdoor > Equipment',
};
const GROCERIES_BY_TAG = {
  fruits: 'Fruit & Vegetables',
  vegetables: 'Fruit & Vegetables',
  meat: 'Meat & Fish',
  seafood: 'Meat & Fish',
  beverages: 'Drinks',
  'pet supplies': 'Pets',
  'household essentials': 'Household',
};
const CHEAPER_FROM_PERCENT = 10;

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const slugOf = (name) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/['’]|[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** A number from 0 to 1 that looks like chance and is always the same for one text. */
const chance = (text) => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;

/** A few products sell a lot, most a little; what is cheap sells more. */
const unitsSold = (slug, price) => Math.round((2_000 * chance(slug) ** 3) / (1 + Math.log10(1 + price / 20)));

const taken = new Set();
function freeSlug(base) {
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? base : `${base}-${number}`;
    if (taken.has(slug)) continue;
    taken.add(slug);
    return slug;
  }
}

function* vendure() {
  let product;
  for (const row of parse(read('products-vendure.csv'), { columns: true, bom: true })) {
    const first = row.name !== '';
    if (first) product = vendureProduct(row);
    const values = row.optionValues ? row.optionValues.split('|') : [];
    const options = product.groups.map((name, index) => [name, values[index].replace(/^Size /, '')]);
    // One source product has one SKU for all of its variants.
    const sku = row.sku === '404.038.96' ? `${row.sku}-${row.optionValues.toUpperCase()}` : row.sku;
    yield {
      sku,
      product: product.slug,
      ...(first ? product.details : { name: product.details.name }),
      price: row.price,
      stock: Number(row.stockOnHand),
      ...(options.length > 0 && { options: Object.fromEntries(options) }),
      ...(first && { units_sold: unitsSold(product.slug, Number(row.price)) }),
    };
  }
}

function vendureProduct({ name, slug, description, facets, optionGroups }) {
  const found = facets.split('|').map((facet) => facet.split(':'));
  const all = (kind) => found.filter(([facet]) => facet === kind).map(([, value]) => value);
  const attributes = {
    Brand: all('brand').join(', '),
    Colour: all('color').map(capital).join(', '),
    'Plant type': all('plant type').join(', '),
  };
  return {
    slug: freeSlug(slug),
    groups: optionGroups ? optionGroups.split('|').map(capital) : [],
    details: {
      name,
      description,
      category: VENDURE_EXCEPTIONS[slug] ?? VENDURE_CATEGORIES[all('category').join(' > ')],
      attributes: Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== '')),
    },
  };
}

function* dummyJson() {
  for (const product of JSON.parse(read('products-dummyjson.json'))) {
    const { title: name, description, price, discountPercentage, stock, tags, brand, sku } = product;
    const { width, height, depth } = product.dimensions;
    const slug = freeSlug(slugOf(name));
    const before = price / (1 - discountPercentage / 100);
    yield {
      sku,
      product: slug,
      name,
      description,
      category: DUMMYJSON_CATEGORIES[product.category] ?? grocery(tags),
      attributes: {
        ...(brand && { Brand: brand }),
        Tags: tags.join(', '),
        Dimensions: `${width} × ${height} × ${depth}`,
        Warranty: product.warrantyInformation,
        Returns: product.returnPolicy,
      },
      price: price.toFixed(2),
      ...(discountPercentage >= CHEAPER_FROM_PERCENT && { compare_at_price: before.toFixed(2) }),
      stock,
      units_sold: unitsSold(slug, price),
    };
  }
}

function grocery(tags) {
  const shelf = tags.map((tag) => GROCERIES_BY_TAG[tag]).find(Boolean);
  return `Groceries > ${shelf ?? 'Pantry'}`;
}

const rows = [...vendure(), ...dummyJson()];
const lost = rows.find((row) => 'description' in row && row.category === undefined);
if (lost) throw new Error(`No category for ${lost.name}.`);
writeFileSync(join(data, 'demo-products.ndjson'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
console.log(`${rows.length} variants of ${taken.size} products.`);
