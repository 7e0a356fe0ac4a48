import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'csv-parse/sync';
import { seedFirstStart } from '../src/commands/seed.js';
import { readConfig } from '../src/config/config.js';
import { CategoryImportService } from '../src/imports/category-import.service.js';
import type { ImportSummary } from '../src/imports/imports.type.js';
import { ProductExportService } from '../src/imports/product-export.service.js';
import { ProductImportService, type ProductImportOptions } from '../src/imports/product-import.service.js';
import { signIn } from './support/accounts.js';
import { startShop, type Shop } from './support/shop.js';

const GIFTS = 'data/products-onlineretail.csv';
const TREE = 'data/categories-bestbuy.csv';
const TABLES = 'categories category_closure products product_variants stock_levels stock_movements users'.split(' ');
const folder = mkdtempSync(join(tmpdir(), 'souk-imports-'));
let shop: Shop;
let files = 0;

/** Each block works on a shop of its own. */
function freshShop(): void {
  beforeAll(async () => {
    shop = await startShop();
    // A vacuum of many new rows would hold the database while it is dropped.
    for (const table of TABLES) await one(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  });
  afterAll(() => shop.close());
}

const place = (ending = 'csv'): string => join(folder, `${(files += 1)}.${ending}`);

function file(text: string | Buffer, ending?: string): string {
  const path = place(ending);
  writeFileSync(path, text);
  return path;
}

const importing = (path: string, options?: ProductImportOptions, into = shop): Promise<ImportSummary> =>
  into.app.get(ProductImportService).run(path, options);
const importingTree = (path: string, below?: string): Promise<ImportSummary> =>
  shop.app.get(CategoryImportService).run(path, { below });

async function exporting(ending: string, from = shop): Promise<string> {
  const path = place(ending);
  await from.app.get(ProductExportService).run(path);
  return path;
}

const counts = (of: ImportSummary): number[] => [of.created, of.updated, of.unchanged, of.rejected];

async function one(sql: string, of = shop): Promise<Record<string, unknown>> {
  return (await of.database.query<Record<string, unknown>>('test.one', sql))[0] ?? {};
}

/** All that imports write, with the transaction that wrote each row, and how many events there have ever been. */
function dump(): Promise<Record<string, unknown>> {
  const hashes = TABLES.map((table) => {
    const rows = `SELECT t.xmin || ' ' || t::text FROM ${table} t`;
    return `(SELECT md5(string_agg(x, ' ' ORDER BY x)) FROM (${rows}) r (x)) AS ${table}`;
  });
  const events = '(SELECT last_pos FROM event_state) + (SELECT count(*) FROM event_outbox) AS events';
  return one(`SELECT ${hashes.join(', ')}, ${events}`);
}

/** What the events say that came after so many: product, version, type, then price or stock before and after. */
async function eventsAfter(known: unknown): Promise<unknown> {
  const { told } = await one(`SELECT array_agg(concat_ws(' ', p->'product'->>'slug', p->'product'->>'version', type,
      p->'priceChange'->>'before', p->'priceChange'->>'after', p->'stockChange'->>'before', p->'stockChange'->>'after')
      ORDER BY p->'product'->>'slug', type) AS told
    FROM (SELECT pos, type, payload AS p FROM event_log UNION ALL
          SELECT last_pos + row_number() OVER (ORDER BY seq), type, payload FROM event_outbox, event_state) e
    WHERE pos > ${String(known)}`);
  return told;
}

afterAll(() => rmSync(folder, { recursive: true }));

describe('the gift shop', () => {
  freshShop();
  const rows: Record<string, string>[] = parse(readFileSync(GIFTS), { columns: true });
  const sum = (column: string, factor = 1): number =>
    rows.reduce((total, row) => total + Math.round(Number(row[column]) * factor), 0);

  it('imports as it is, every price to the penny, and changes nothing the second time', async () => {
    const summary = await importing(GIFTS, { stock: 100 });
    expect(counts(summary)).toEqual([3782, 0, 0, 0]);
    expect(summary.ignoredColumns).toEqual(['price_min', 'price_max', 'order_lines']);
    expect(summary.seconds).toBeLessThan(10);
    const products = `SELECT count(*), sum(min_price_minor)::bigint AS prices, sum(units_sold)::bigint AS sold,
      bool_and(in_stock AND min_price_minor = max_price_minor AND status = 'ACTIVE' AND version = 1) AS whole FROM products`;
    const expected = { count: 3782, prices: sum('price_gbp', 100), sold: sum('units_sold'), whole: true };
    expect(await one(products)).toEqual(expected);
    const ledger = `SELECT reason, count(*), sum(delta)::int AS units FROM stock_movements GROUP BY reason`;
    expect(await one(ledger)).toEqual({ reason: 'IMPORT', count: 3782, units: 378_200 });
    expect(await eventsAfter(0)).toEqual(Array.from({ length: 3782 }, () => expect.stringMatching(/ 1 CREATED$/)));
    const before = await dump();
    expect(counts(await importing(GIFTS, { stock: 7 }))).toEqual([0, 0, 3782, 0]);
    expect(await dump()).toEqual(before);
  });

  it('tells each change of price, stock and the rest; a new version for all but stock', async () => {
    const { events } = await dump();
    const text = `sku,price,stock,name,status
10002,0.95,,,\n10080,0.39,90,,\n10120,0.21,100,Dog,\n10125,0.80,1,,archived\n10133,0.79,100,,`;
    expect(counts(await importing(file(text)))).toEqual([0, 4, 1, 0]);
    expect(await eventsAfter(events)).toEqual([
      'doggy-rubber 2 UPDATED',
      'groovy-cactus-inflatable 1 STOCK_CHANGED 100 90',
      'inflatable-political-globe 2 PRICE_CHANGED 85 95',
      'mini-funky-design-tapes 2 ARCHIVED',
      'mini-funky-design-tapes 2 PRICE_CHANGED 85 80',
      'mini-funky-design-tapes 2 STOCK_CHANGED 100 1',
    ]);
  });
});

describe('imports at once', () => {
  freshShop();

  it('do the work once, without a deadlock', async () => {
    const [header = '', ...lines] = readFileSync(GIFTS, 'utf8').trim().split('\n').slice(0, 1_501);
    const path = file([header, ...lines].join('\n'));
    const backwards = file([header, ...lines.toReversed()].join('\n'));
    const all = await Promise.all([importing(path), importing(backwards), importing(path, { strict: true })]);
    const total = [0, 1, 2, 3].map((at) => all.reduce((sum, summary) => sum + (counts(summary)[at] ?? 0), 0));
    expect(total).toEqual([1500, 0, 3000, 0]);
    const deadlocks = 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()';
    expect(await one(deadlocks)).toEqual({ deadlocks: 0 });
  });
});

describe('rows that do not fit', () => {
  freshShop();
  const BAD = `sku,product,name,price,currency,stock,options
A,,Amphora,1.00,,,\nB,,Bad\xff,1.00,,,\nC,,Nul\0,1.00,,,\nA,,Amphora,2.00,,,\nD,,Dear,-1,,,\nE,,Euro,1.00,XXQ,,
F,,,1.00,,,\nS,shirt,,1.00,,,Size: L\nXL,shirt,Blouse,1.00,,,Size: XL\nM,shirt,Skirt,12.00,,3,\nG,,Good,3.00,gbp,5,`;
  // In Latin-1 the \xff is one byte, and no UTF-8.
  const bad = (): string => file(Buffer.from(BAD, 'latin1'));

  it('refuse the whole file when it is strict', async () => {
    await importing(file('sku,product,name,price,options\nL,shirt,Shirt,10,Size: L\nM,shirt,Shirt,10,Size: M\n'));
    const before = await dump();
    expect(await importing(bad(), { strict: true })).toMatchObject({ created: 0, rejected: 8, written: false });
    expect(await dump()).toEqual(before);
  });

  it('are told with line and reason; the others are imported', async () => {
    const summary = await importing(bad());
    expect(summary.problems.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '3 name: is not well-formed UTF-8',
      '4 name: holds a NUL byte',
      '5 sku: A stands in line 2 already',
      '6 price: "-1" is negative',
      '7 currency: "XXQ" is no ISO 4217 code',
      '8 name: is missing, and the product is new',
      '9 options: are those of L, another variant of the product',
      '11 name: is not what line 10 says about the same product',
    ]);
    expect(counts(summary)).toEqual([3, 0, 0, 8]);
    const shirt = `SELECT name, version, skus FROM products WHERE slug = 'shirt'`;
    expect(await one(shirt)).toEqual({ name: 'Blouse', version: 2, skus: 'L M XL' });
  });

  it('take no more memory when they are 200,000', async () => {
    const path = file('sku,price,description\n');
    const text = 'Text that says nothing but is there';
    appendFileSync(path, Array.from({ length: 200_000 }, (_, n) => `SKU-${n},${n % 100}.00,${text}\n`).join(''));
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap: number[] = [];
    const onProgress = (progress: { rows: number }): void => {
      if (progress.rows % 50_000 !== 0) return;
      collect();
      heap.push(process.memoryUsage().heapUsed / 1e6);
    };
    const summary = await importing(path, { onProgress });
    expect([...counts(summary), summary.problems.length, heap.length]).toEqual([0, 0, 0, 200_000, 100, 4]);
    expect(Math.max(...heap) - (heap[0] ?? 0)).toBeLessThan(10);
  });
});

describe('a tree of categories', () => {
  freshShop();
  const rows: Record<string, string>[] = parse(readFileSync(TREE), { columns: true });

  it('comes in whole', async () => {
    const summary = await importingTree(TREE);
    expect(counts(summary)).toEqual([4584, 0, 0, 0]);
    expect(summary.seconds).toBeLessThan(8);
    const tree = `SELECT count(*), count(DISTINCT slug) AS slugs, count(*) FILTER (WHERE parent_id IS NULL) AS roots,
      (SELECT count(*) FROM category_closure) AS closure, (SELECT max(depth) FROM category_closure) AS depth FROM categories`;
    const closure = rows.reduce((sum, { depth }) => sum + Number(depth) + 1, 0);
    expect(await one(tree)).toEqual({ count: 4584, slugs: 4584, roots: 43, closure, depth: 5 });
    const wrong = `SELECT count(*) FROM categories c JOIN category_closure cc ON cc.descendant_id = c.id AND cc.depth = 1
      WHERE cc.ancestor_id IS DISTINCT FROM c.parent_id`;
    expect(await one(wrong)).toEqual({ count: 0 });
  });

  it('changes nothing the second time, in any order of rows and as JSON, nor when a row has no place', async () => {
    const before = await dump();
    expect(counts(await importingTree(TREE))).toEqual([0, 0, 4584, 0]);
    expect(counts(await importingTree(file(JSON.stringify(rows.toReversed()), 'json')))).toEqual([0, 0, 4584, 0]);
    const summary = await importingTree(file('id,name,parent_id\na,A,\nb,B,nobody\n'));
    expect(summary).toMatchObject({ created: 0, unchanged: 0, rejected: 1, written: false });
    expect(summary.problems).toEqual([{ line: 3, reason: 'parent_id: there is no category "nobody" in the file' }]);
    expect(await dump()).toEqual(before);
  });

  it('hangs on a category', async () => {
    const tree = file('id,name,parent_id\n2,Little,1\n1,Amphorae,\n3,Huge,1\n');
    expect(counts(await importingTree(tree, 'gift-ideas'))).toEqual([3, 0, 0, 0]);
    expect(counts(await importingTree(tree, 'gift-ideas'))).toEqual([0, 0, 3, 0]);
    const above = `SELECT p.slug FROM categories c JOIN categories p ON p.id = c.parent_id WHERE c.slug = 'amphorae'`;
    expect(await one(above)).toEqual({ slug: 'gift-ideas' });
    await expect(importingTree(tree, 'nothing')).rejects.toThrow('There is no category "nothing".');
  });
});

describe('an export', () => {
  const ODD = [
    { sku: 'A "1"', product: 'lamp', name: 'Lamp, "brass"', title: 'S\\L', description: 'Two\r\nlines', price: '1.00' },
    { sku: 'A,2', product: 'lamp', price: '2.50', compare_at_price: '3', stock: 4, options: { 'A:B|C': ' x\\ ' } },
    { sku: 'é', name: ' Zoë', category: 'Home \\> Garden > Déco', price: 0, status: 'DRAFT', units_sold: 12 },
    { sku: 'I', name: 'Zoë', category: 'Home \\> Garden', price: '5', attributes: { Brand: 'A|B', '1': '=2+2' } },
    { sku: 'J', name: 'Pic', price: 7, images: 'http://a.test/1 http://a.test/,', tax_class: 'zero', weight_grams: 9 },
  ];
  freshShop();

  it('builds the same shop again, and changes nothing where it comes from', async () => {
    expect(counts(await importing(file(JSON.stringify(ODD), 'json')))).toEqual([5, 0, 0, 0]);
    const before = await dump();
    const values = `SELECT (SELECT string_agg(slug || '=' || name, ' ' ORDER BY slug) FROM categories) AS tree,
      jsonb_agg(to_jsonb(p) - '{id,category_id,created_at,updated_at}'::text[] ORDER BY slug) AS products FROM products p`;
    expect(await one(values)).toMatchObject({ tree: 'deco=Déco home-garden=Home > Garden' });
    const other = await startShop();
    try {
      for (const ending of ['csv', 'json', 'ndjson']) {
        const path = await exporting(ending);
        expect(counts(await importing(path))).toEqual([0, 0, 5, 0]);
        expect(counts(await importing(path, {}, other))).toEqual(ending === 'csv' ? [5, 0, 0, 0] : [0, 0, 5, 0]);
        expect(readFileSync(await exporting(ending, other), 'utf8')).toBe(readFileSync(path, 'utf8'));
      }
      expect(await one(values, other)).toEqual(await one(values));
    } finally {
      await other.close();
    }
    expect(await dump()).toEqual(before);
  });
});

describe('the demo shop', () => {
  freshShop();

  it('fills an empty shop once, and only where it is wanted', async () => {
    expect(await seedFirstStart(shop.app, readConfig({ NODE_ENV: 'test' }))).toBe(false);
    const seed = (): Promise<boolean> => seedFirstStart(shop.app, readConfig({ NODE_ENV: 'test', DEMO: 'on' }));
    expect(await seed()).toBe(true);
    const figures = `SELECT count(*), count(category_id) AS placed, count(*) FILTER (WHERE in_stock) AS stocked,
      count(*) FILTER (WHERE units_sold > 0) > 200 AS sold, (SELECT count(*) FROM product_variants) AS variants,
      (SELECT count(*) FROM categories) AS categories FROM products`;
    const expected = { count: 248, placed: 248, stocked: 244, sold: true, variants: 282, categories: 46 };
    expect(await one(figures)).toEqual(expected);
    const { token } = await signIn(shop, 'admin@example.com', 'admin123');
    expect((await shop.send('{ me { roles } }', {}, token)).data).toEqual({ me: { roles: ['ADMIN'] } });
    const customer = await signIn(shop, 'customer@example.com', 'customer123');
    expect((await shop.send('{ me { roles } }', {}, customer.token)).data).toEqual({ me: { roles: ['USER'] } });
    const before = await dump();
    expect(await seed()).toBe(true);
    expect(await dump()).toEqual(before);
  });
});

describe('the program', () => {
  freshShop();

  it('imports, exports and tells what is wrong', () => {
    const { extra } = shop.database.source.options as unknown as { extra: { connectionString: string } };
    const env = { ...process.env, NODE_ENV: 'development', DATABASE_URL: extra.connectionString, DEMO: 'off' };
    const souk = (...args: string[]): unknown => {
      const ran = spawnSync(process.execPath, ['bin/souk.js', ...args], { env, encoding: 'utf8' });
      return [ran.status, ran.stdout, ran.stderr];
    };
    const bad = file('sku,name,price,colour\n1,One,1.00,red\n2,Two,x,red\n');
    const told = 'line 3: price: "x" is not an amount of GBP with at most 2 decimal places\nIgnored columns: colour.\n';
    expect(souk('import', 'products', bad, '--stock', '9')).toEqual([0, expect.stringContaining('1 rejected.'), told]);
    const refused = expect.stringContaining('nothing was imported, because of 1 rejected row.');
    expect(souk('import', 'products', bad, '--strict')).toEqual([1, '', refused]);
    const out = place();
    expect(souk('export', 'products', out)).toEqual([0, expect.stringMatching(/^1 rows \(1 products\) in /), '']);
    expect(readFileSync(out, 'utf8').split('\n')[1]).toBe('1,one,One,Default,,,ACTIVE,1.00,GBP,,9,0,STANDARD,,,,0');
  });
});
