import { Role } from '../src/access/role.js';
import { AnswerMetrics } from '../src/answers/answer-metrics.js';
import { KeptAnswers } from '../src/answers/kept-answers.js';
import { MadeFrom, partsOf } from '../src/plans/made-from.js';
import { uuidOf } from '../src/graphql/global-id.js';
import { ASSIGN_ROLES, LOGOUT, signUp, type Account } from './support/accounts.js';
import { keeping, read, type Read } from './support/answers.js';
import { aVariant, change, codeOf, makeProduct, PRODUCT_CHANGES, type MadeProduct } from './support/catalogue.js';
import { until } from './support/live.js';
import { startShop, type Shop } from './support/shop.js';

let shop: Shop;
let staff: Account;
let customer: Account;
let product: MadeProduct;

beforeAll(async () => {
  shop = await startShop({ ANSWERS_KEPT_MB: '1' });
  staff = await signUp(shop, { roles: [Role.STAFF] });
  customer = await signUp(shop);
  product = await makeProduct(shop, staff, { name: 'Led', status: 'ACTIVE', variants: [aVariant()] });
  await makeProduct(shop, staff, { name: 'Not yet', status: 'DRAFT', variants: [] });
});

beforeEach(() => keeping(shop));

afterAll(() => shop?.close());

const update = (input: object): Promise<unknown> =>
  change(shop, staff, PRODUCT_CHANGES.update, { id: product.id, ...input });

describe('who gets an answer that was made for somebody else', () => {
  const list = (name: string): Read => ({ query: `query ${name} { products { nodes { name } } }` });

  it('is everybody who sees as much of the shop, and nobody else', async () => {
    const documents = list('Seen');
    const seen = async (by?: Account): Promise<[kept: boolean, count: number]> => {
      const { answer, kept } = await read(shop, { ...documents, by });
      return [kept, answer.data['products'].nodes.length];
    };
    expect(await seen()).toEqual([false, 1]);
    expect(await seen(customer)).toEqual([true, 1]);
    expect(await seen(staff)).toEqual([false, 2]);
    expect(await seen(staff)).toEqual([true, 2]);
    expect(await seen()).toEqual([true, 1]);
  });

  it('is nobody where the answer is about whoever asks, or shows what no event tells', async () => {
    const fields = ['me { id }', 'of: products { nodes { variants { stock { onHand } } } }', 'liveCursor'];
    const authors = 'of: products { nodes { createdBy { name } } }';
    for (const field of [...fields, authors]) {
      const about = { query: `{ ${field} products(first: 1) { nodes { name } } }`, by: staff };
      await read(shop, about);
      expect((await read(shop, about)).answer.extensions.sql.statements).toBeGreaterThan(0);
    }
  });

  it('is nobody whose token is not valid, or no longer', async () => {
    const documents = list('Valid');
    const gone = await signUp(shop, { roles: [Role.STAFF] });
    await read(shop, { ...documents, by: gone });
    expect((await read(shop, { ...documents, by: gone })).kept).toBe(true);
    await shop.send(LOGOUT, { input: { refreshToken: gone.refreshToken } });
    await keeping(shop);
    expect(codeOf(await shop.send(documents.query, {}, gone.token))).toBe('UNAUTHENTICATED');
    expect(codeOf(await shop.send(documents.query, {}, 'x'))).toBe('UNAUTHENTICATED');
  });

  it('is no one of the staff any more who has lost the role', async () => {
    const admin = await signUp(shop, { roles: [Role.ADMIN] });
    const former = await signUp(shop, { roles: [Role.STAFF] });
    const documents = list('Former');
    await read(shop, { ...documents, by: former });
    await shop.send(ASSIGN_ROLES, { input: { userId: former.id, roles: ['USER'] } }, admin.token);
    await keeping(shop);
    expect(codeOf(await shop.send(documents.query, {}, former.token))).toBe('UNAUTHENTICATED');
  });
});

describe('an answer that is being made', () => {
  const metrics = (): AnswerMetrics => shop.app.get(AnswerMetrics, { strict: false });
  const answers = (): KeptAnswers => shop.app.get(KeptAnswers, { strict: false });

  it('is made once for all who ask meanwhile', async () => {
    const documents = { query: 'query Once { products(sort: { field: NAME }) { nodes { name } totalCount } }' };
    const before = metrics().misses;
    const all = await Promise.all(Array.from({ length: 12 }, () => read(shop, documents)));
    expect(all.filter(({ kept }) => !kept)).toHaveLength(1);
    expect(metrics().misses - before).toBe(1);
  });

  /** Begins to make an answer that shows the name of the product, and leaves its end to the test. */
  function begun(key: string): { finish: (name: string) => void; made: Promise<unknown> } {
    const madeFrom = new MadeFrom();
    madeFrom.show('product', partsOf(['name']));
    let finish: (name: string) => void = () => undefined;
    const data = new Promise<string>((resolve) => {
      const mark = `{"@":"product:${uuidOf('product', product.id)}",`;
      finish = (name) => resolve(`{"product":${mark}"name":"${name}"}}`);
    });
    return { finish, made: answers().make(key, { madeFrom, forStaff: false, read: () => data }) };
  }

  it('is kept when nothing that it shows has changed', async () => {
    const { finish, made } = begun('quiet');
    expect(answers().find('quiet')).toBeInstanceOf(Promise);
    await update({ description: 'Bright' });
    expect(answers().find('quiet')).toBeInstanceOf(Promise);
    finish('Led');
    await made;
    await keeping(shop);
    expect(String((await answers().find('quiet'))?.body)).toBe('{"data":{"product":{"name":"Led"}}}\n');
  });

  it('is neither kept, nor given to who asks later, when something that it shows has changed', async () => {
    const { finish, made } = begun('raced');
    const joined = answers().find('raced');
    await update({ name: 'Led 2' });
    expect(answers().find('raced')).toBeNull();
    const second = begun('raced');
    finish('Led');
    expect(String((await joined)?.body)).toContain('"Led"');
    await made;
    expect(answers().find('raced')).toBeInstanceOf(Promise);
    second.finish('Led 2');
    await second.made;
    await keeping(shop);
  });

  it('is thrown away when its event comes from another process', async () => {
    const { finish, made } = begun('told');
    await shop.database.query(
      'test.event',
      `INSERT INTO event_outbox (topic, entity_id, type, payload)
       SELECT 'product', id, 'UPDATED', jsonb_build_object('product', to_jsonb(p), 'statusBefore', 'ACTIVE')
       FROM products p WHERE id = $1`,
      [uuidOf('product', product.id)],
    );
    await until('the event is told', () => answers().find('told') === null);
    finish('Led');
    await made;
    await keeping(shop);
    expect(answers().find('told')).toBeNull();
  });
});

it('never takes more than it may', async () => {
  const all = shop.app.get(AnswerMetrics, { strict: false });
  const store = (all as unknown as { store: { bytes: number; count: number } }).store;
  const query = 'query N { products { nodes { name description } } }';
  for (let n = 0; n < 120; n += 1) await read(shop, { query, variables: { pad: `${n}`.padEnd(8_000) } });
  expect(store.bytes).toBeLessThan(1_048_576);
  expect(store.count).toBeGreaterThan(40);
  expect(store.count).toBeLessThan(70);
});
