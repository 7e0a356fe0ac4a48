import { Role } from '../../src/access/role.js';
import { Members } from '../../src/answers/members.js';
import { Config } from '../../src/config/config.js';
import { EventFeed } from '../../src/events/event-feed.js';
import { toGlobalId } from '../../src/graphql/global-id.js';
import type { ProductEventPayload } from '../../src/products/products.events.js';
import { signUp, type Account } from '../support/accounts.js';
import { keeping } from '../support/answers.js';
import {
  aVariant,
  change,
  makeProduct,
  pick,
  PRODUCT_CHANGES,
  seeded,
  type MadeProduct,
} from '../support/catalogue.js';
import { until, within } from '../support/live.js';
import { souk, type Program } from '../support/program.js';
import { send, startShop, type Answer, type Shop } from '../support/shop.js';

const SECRET = 'a secret that only the tests know, 32+';
const PAGE = `query ($slug: String!) { product(by: { slug: $slug }) { id version name priceRange { min { amount } } } }`;
const LIST = '{ products(sort: { field: NAME }) { nodes { id version } } }';
const WRITES = 120;
const READERS = 4;

let shop: Shop;
let other: Program;
let url: string;
let staff: Account;
const products: MadeProduct[] = [];

beforeAll(async () => {
  shop = await startShop({ ANSWERS_KEPT_MB: '4' });
  const { databaseUrl } = shop.app.get(Config, { strict: false });
  const settings = { JWT_SECRET: SECRET, PORT: '0', DEMO: 'off', ANSWERS_KEPT_MB: '4' };
  other = souk(['start'], { DATABASE_URL: databaseUrl ?? '', ...settings });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  for (const name of ['Led', 'Lamp', 'Light']) {
    products.push(await makeProduct(shop, staff, { name, status: 'ACTIVE', variants: [aVariant()] }));
  }
  const [, port] = await other.prints(/localhost:(\d+)\/graphql/);
  url = `http://localhost:${port}/graphql`;
});

afterAll(async () => {
  other?.child.kill('SIGCONT');
  other?.child.kill('SIGKILL');
  await shop?.close();
});

const isKept = ({ extensions }: Answer): boolean => extensions.sql.statements === 0;

/** Waits until both processes give kept answers, and know of each other. */
async function bothKeep(): Promise<void> {
  await keeping(shop);
  const members = shop.app.get(Members, { strict: false });
  const variables = { slug: products[0]?.slug };
  await until('both keep answers', async () => !members.isAlone && isKept(await send(url, { query: PAGE, variables })));
}

/** What is known to have been made: the version of each product that every answer must show at least. */
class Floors {
  private readonly floors = new Map<string, number>();

  raise(id: string, version: number): void {
    this.floors.set(id, Math.max(version, this.of(id)));
  }

  of(id: string): number {
    return this.floors.get(id) ?? 0;
  }

  /** As they are now. */
  copy(): ReadonlyMap<string, number> {
    return new Map(this.floors);
  }
}

it('answers nothing that is older than the answer to a change, or than its event, from either process', async () => {
  await bothKeep();
  const everywhere = new Floors();
  const here = new Floors();
  const stop = shop.app.get(EventFeed, { strict: false }).onEvents((events) => {
    for (const { topic, payload } of events) {
      const { id, version } = topic === 'product' ? (payload as ProductEventPayload).product : { id: '', version: 0 };
      here.raise(id && toGlobalId('product', id), version);
    }
  });
  const random = seeded(7);
  const old: string[] = [];
  const figures = { reads: 0, kept: 0 };
  let writing = true;

  const write = async (to: string): Promise<void> => {
    for (let n = 0; n < WRITES / 2; n += 1) {
      const product = pick(random, products);
      const input =
        random() < 0.5
          ? { query: PRODUCT_CHANGES.update, variables: { input: { id: product.id, name: `Name ${n}` } } }
          : {
              query: PRODUCT_CHANGES.updateVariant,
              variables: { input: { id: product.variants[0]?.id, price: { amount: `${n + 1}.00` } } },
            };
      const { data } = await send(to, input, staff.token);
      const made = Object.values(data)[0]['product'];
      everywhere.raise(made.id, made.version);
    }
  };
  const readFrom = async (from: string): Promise<void> => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- the writers end it
    while (writing) {
      const floors = new Map([...(from === shop.url ? here.copy() : []), ...everywhere.copy()]);
      for (const [id, version] of from === shop.url ? here.copy() : []) {
        floors.set(id, Math.max(version, floors.get(id) ?? 0));
      }
      const single = random() < 0.7;
      const answer = single
        ? await send(from, { query: PAGE, variables: { slug: pick(random, products).slug } })
        : await send(from, { query: LIST });
      figures.reads += 1;
      figures.kept += Number(isKept(answer));
      for (const { id, version } of single ? [answer.data['product']] : answer.data['products'].nodes) {
        const floor = floors.get(id) ?? 0;
        if (version < floor) old.push(`${from === shop.url ? 'here' : 'there'}: ${version} and not ${floor}`);
      }
    }
  };
  const readers = Array.from({ length: READERS }, (_, n) => readFrom(n % 2 === 0 ? shop.url : url));
  await Promise.all([write(shop.url), write(url)]);
  writing = false;
  await Promise.all(readers);
  stop();
  expect(old).toEqual([]);
  expect(figures.kept).toBeGreaterThan(20);
  expect(figures.reads - figures.kept).toBeGreaterThan(20);
}, 60_000);

it('answers a change in time while another process hangs, which then answers nothing from before', async () => {
  await bothKeep();
  const [product] = products;
  const read = { query: PAGE, variables: { slug: product?.slug } };
  const rename = (name: string): Promise<Answer['data']> =>
    change(shop, staff, PRODUCT_CHANGES.update, { id: product?.id, name });
  await send(url, read);
  expect(isKept(await send(url, read))).toBe(true);
  other.child.kill('SIGSTOP');
  await within('the change is answered', rename('While it hangs'), 3_000);
  // Sent while it hangs: it finds the question and the news at the same time.
  const asked = Promise.all(Array.from({ length: 4 }, () => send(url, read)));
  await new Promise((resolve) => setTimeout(resolve, 50));
  other.child.kill('SIGCONT');
  expect((await asked).map(({ data }) => data['product'].name)).toEqual(Array(4).fill('While it hangs'));
  await bothKeep();
  await rename('After it hung');
  expect((await send(url, read)).data['product'].name).toBe('After it hung');
}, 60_000);

it('waits for nobody when it is alone again', async () => {
  await bothKeep();
  await other.end('SIGKILL');
  const members = shop.app.get(Members, { strict: false });
  await until('it is alone', () => members.isAlone);
});
