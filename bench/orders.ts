/**
 * Orders per second of 16 clients, each order of 3 lines in one call: of random products, and with one hot product in every order.
 * `npm run bench:orders [-- <orders>]`. Linux only: CPU time is read from /proc.
 */
import { Agent } from 'node:http';
import pg from 'pg';
import { post } from './post.ts';
import { startDatabase, startServer, type Bench, type Server } from './server.ts';

const PRODUCTS = 1_000;
const CLIENTS = 16;
const ORDERS = Number(process.argv[2] ?? 4_000);
const DOCUMENT = `mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id number state total { amount currency } lines { id sku productName quantity lineTotal { amount } } }
    payment { id state }
    userErrors { code message }
  }
}`;
const KEYED = DOCUMENT.replace('($input', '($key: String!, $input').replace(
  'input: $input)',
  'input: $input) @idempotent(key: $key)',
);

interface Work {
  name: string;
  document: string;
  hot: boolean;
  payment: object;
}

const WORKS: Work[] = [
  { name: 'spread', document: DOCUMENT, hot: false, payment: { method: 'manual' } },
  { name: 'one hot product', document: DOCUMENT, hot: true, payment: { method: 'manual' } },
  { name: 'spread, with @idempotent', document: KEYED, hot: false, payment: { method: 'manual' } },
  { name: 'spread, paid by sandbox', document: DOCUMENT, hot: false, payment: { method: 'sandbox' } },
];

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

interface Answer {
  data?: { placeOrder?: { order?: object | null } | null } | null;
  extensions?: { sql: { statements: number } };
}

/** Products with one variant each, more than can be sold. Answers the ids of the variants as clients know them. */
async function fill(database: Bench): Promise<string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>(
    `WITH p AS (
       INSERT INTO products (slug, name, status, min_price_minor, max_price_minor, in_stock, version, description)
       SELECT 'product-' || n, 'Product ' || n, 'ACTIVE', 1000 + n, 1000 + n, true, 1, repeat('Well made and useful. ', 10)
       FROM generate_series(1, $1::int) n RETURNING id, slug, min_price_minor
     ), v AS (
       INSERT INTO product_variants (product_id, sku, title, price_minor, currency)
       SELECT id, upper(slug), 'Default', min_price_minor, 'GBP' FROM p RETURNING id
     ), s AS (INSERT INTO stock_levels (variant_id, on_hand) SELECT id, 1000000 FROM v),
     m AS (INSERT INTO stock_movements (variant_id, delta, on_hand_after, reason) SELECT id, 1000000, 1000000, 'INITIAL' FROM v)
     SELECT id FROM v`,
    [PRODUCTS],
  );
  await client.query('ANALYZE');
  await client.end();
  return rows.map(({ id }) => `variant_${id.replaceAll('-', '')}`);
}

let seed = 1;
function random(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
}

function variables(variants: readonly string[], { hot, payment }: Work, n: number): object {
  const chosen = new Set<string>(hot ? [variants[0] ?? ''] : []);
  while (chosen.size < 3) chosen.add(variants[random(variants.length)] ?? '');
  const input = {
    lines: [...chosen].map((variantId) => ({ variantId, quantity: 1 + random(3) })),
    email: 'ada@example.com',
    shippingAddress: { fullName: 'Ada Byron', line1: '12 St James Square', city: 'London', country: 'GB' },
    shippingMethod: 'standard',
    payment,
  };
  return { input, key: `bench-${process.pid}-${n}` };
}

let sent = 0;
async function run(url: string, variants: readonly string[], work: Work, orders: number): Promise<number[]> {
  const times: number[] = [];
  let left = orders;
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      sent += 1;
      const began = performance.now();
      const answer = await post<Answer>(
        { url, agent },
        { query: work.document, variables: variables(variants, work, sent) },
      );
      times.push(performance.now() - began);
      if (!answer.data?.placeOrder?.order) throw new Error(JSON.stringify(answer));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return times.toSorted((a, b) => a - b);
}

async function statements(database: Bench, variants: readonly string[]): Promise<Map<string, number>> {
  const server = await startServer(database.url, { NODE_ENV: 'test' });
  const counts = new Map<string, number>();
  for (const work of WORKS) {
    const body = { query: work.document, variables: variables(variants, work, (sent += 1)) };
    const answer = await post<Answer>({ url: server.url, agent }, body);
    counts.set(work.name, answer.extensions?.sql.statements ?? -1);
  }
  await server.stop();
  return counts;
}

async function measure(database: Bench, server: Server, variants: readonly string[], work: Work): Promise<object> {
  await run(server.url, variants, work, Math.min(ORDERS, 500));
  const before = { began: performance.now(), server: server.cpu(), database: database.databaseCpu() };
  const times = await run(server.url, variants, work, ORDERS);
  const seconds = (performance.now() - before.began) / 1_000;
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  return {
    work: work.name,
    'orders/s': Math.round(ORDERS / seconds),
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'server CPU ms': (((server.cpu() - before.server) * 1_000) / ORDERS).toFixed(2),
    'PostgreSQL CPU ms': (((database.databaseCpu() - before.database) * 1_000) / ORDERS).toFixed(2),
  };
}

const database = await startDatabase();
try {
  const first = await startServer(database.url);
  const variants = await fill(database);
  const rows: object[] = [];
  for (const work of WORKS) rows.push(await measure(database, first, variants, work));
  await first.stop();
  const counts = await statements(database, variants);
  console.table(rows.map((row, index) => ({ ...row, statements: counts.get(WORKS[index]?.name ?? '') })));
  console.log(`${ORDERS} orders of 3 lines each, ${CLIENTS} clients, ${PRODUCTS} products, Node ${process.version}.`);
} finally {
  agent.destroy();
  await database.stop();
}
