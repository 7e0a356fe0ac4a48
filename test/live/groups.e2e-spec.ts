import { GraphQLSchemaHost } from '@nestjs/graphql';
import { GraphQLObjectType } from 'graphql';
import { Role } from '../../src/access/role.js';
import type { Viewer } from '../../src/access/viewer.js';
import { Unavailable } from '../../src/errors/request-errors.js';
import type { ShopContext } from '../../src/graphql/context.js';
import { signUp, type Account } from '../support/accounts.js';
import { aVariant, makeProduct } from '../support/catalogue.js';
import { aViewer, follow, handMade, happen, Listener, reading, type Asked } from '../support/hand-made-live.js';
import { hubOf, insidesOf, metricsOf, NOBODY_THERE } from '../support/live-insides.js';
import { LiveClient, openStreams, settled, until } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

let shop: Shop;
let staff: Account;
const listeners: Listener[] = [];
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  staff = await signUp(shop, { roles: [Role.STAFF] });
});

afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.leave();
  for (const client of clients.splice(0)) await client.close();
  await until('nobody is there', () => insidesOf(shop).connections === 0 && openStreams(shop) === 0);
  expect(insidesOf(shop)).toEqual(NOBODY_THERE);
});

afterAll(() => shop?.close());

/** Somebody follows. */
async function listen(asked: Asked, options?: { begins: boolean }): Promise<Listener> {
  await settled(shop);
  const listener = await follow(shop, asked, options);
  listeners.push(listener);
  return listener;
}

/** What the figures grow by during the work. */
async function growth(work: () => Promise<unknown>): Promise<{ executions: number; deliveries: number }> {
  const { executions, deliveries } = metricsOf(shop);
  await work();
  return { executions: metricsOf(shop).executions - executions, deliveries: metricsOf(shop).deliveries - deliveries };
}

/** How many groups so many live queries are. */
async function groupsOf(...all: Asked[]): Promise<number> {
  const joined = [];
  for (const asked of all) joined.push(await listen(asked));
  const { groups } = insidesOf(shop);
  for (const listener of joined) listener.leave();
  expect(insidesOf(shop).groups).toBe(0);
  return groups;
}

describe('50 sockets with equal live queries', () => {
  /** Statements of each execution that asks for a field, from now on. */
  function statementsAt(type: string, name: string): { names: string[][]; stop: () => void } {
    const { schema } = shop.app.get(GraphQLSchemaHost, { strict: false });
    const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
    const resolve = field?.resolve;
    if (!field || !resolve) throw new Error(`${type}.${name} has no code.`);
    const names: string[][] = [];
    field.resolve = (source, args, context: ShopContext, info) => {
      names.push(context.statements?.names ?? []);
      return resolve(source, args, context, info);
    };
    return { names, stop: () => void (field.resolve = resolve) };
  }

  it('are one execution, with one set of statements, and 50 deliveries', async () => {
    const query = `subscription ($after: Cursor) { productEvents(after: $after) { type product { name variants { sku } } } }`;
    const { data } = await shop.send('{ liveCursor }');
    clients.push(...(await Promise.all(Array.from({ length: 50 }, () => LiveClient.open(shop)))));
    const streams = await Promise.all(
      clients.map((client, n) => client.watch(query, n % 3 === 0 ? {} : { after: data['liveCursor'] })),
    );
    expect(metricsOf(shop).groups).toEqual({ count: 1, watchers: 50 });
    const { names, stop } = statementsAt('ProductEvent', 'product');
    const grown = await growth(async () => {
      await makeProduct(shop, staff, { name: 'For all', variants: [aVariant({ sku: 'ALL' })] });
      const told = await Promise.all(streams.map((stream) => stream.next()));
      const productEvents = { type: 'CREATED', product: { name: 'For all', variants: [{ sku: 'ALL' }] } };
      expect(told).toEqual(Array.from({ length: 50 }, () => ({ data: { productEvents } })));
    });
    stop();
    expect(grown).toEqual({ executions: 1, deliveries: 50 });
    expect(names).toEqual([['products.variantsOf']]);
  });
});

describe('one execution', () => {
  const schema = handMade({
    roles: reading(({ viewer }) => viewer?.roles.join(), 'role'),
    id: reading(({ viewer }) => viewer?.id),
  });
  const query =
    'subscription ($after: String, $ids: [String!], $label: String) { told(after: $after, ids: $ids, label: $label) { number } }';
  const ofAll: Asked = { schema, query };
  const selecting = (field: string, viewer: Viewer | null): Asked => ({
    schema,
    query: `subscription { told { ${field} } }`,
    viewer,
  });

  it('is shared with its text by all with the same document, variables and scope', async () => {
    const all: Listener[] = [];
    for (let n = 0; n < 50; n += 1) all.push(await listen({ ...ofAll, viewer: aViewer(Role.USER) }));
    const grown = await growth(async () => {
      await happen(shop, [1]);
      await until('all have heard', () => all.every(({ answers }) => answers.length === 1));
    });
    expect(grown).toEqual({ executions: 1, deliveries: 50 });
    const [first] = all;
    for (const { answers } of all) expect(answers[0]).toBe(first?.answers[0]);
    expect(await first?.results(1)).toEqual([{ data: { told: { number: 1 } } }]);
  });

  it('is shared by those who come from different places, whatever their variable is called', async () => {
    const after = (await shop.send('{ liveCursor }')).data['liveCursor'];
    expect(await groupsOf(ofAll, { ...ofAll, variables: { after } }, { ...ofAll, variables: { after: null } })).toBe(1);
    const renamed = { schema, query: 'subscription ($from: String) { told(after: $from) { number } }' };
    expect(await groupsOf(renamed, { ...renamed, variables: { from: after } })).toBe(1);
  });

  it('is not shared when the variable says something else as well, or the place is in the text', async () => {
    const after = (await shop.send('{ liveCursor }')).data['liveCursor'];
    const below = { schema, query: 'subscription ($after: String) { told { roles(after: $after) } }' };
    expect(await groupsOf({ ...below, variables: { after: 'a' } }, { ...below, variables: { after: 'b' } })).toBe(2);
    const both = { schema, query: 'subscription ($a: String) { told(after: $a, label: $a) { number } }' };
    expect(await groupsOf(both, { ...both, variables: { a: after } })).toBe(2);
    const written = { schema, query: `subscription { told(after: "${after}") { number } }` };
    expect(await groupsOf({ schema, query: 'subscription { told { number } }' }, written)).toBe(2);
  });

  it('is shared however the variables are ordered, and not with other variables, documents or operations', async () => {
    const variables = { label: 'x', ids: ['1', '2'] };
    expect(await groupsOf({ ...ofAll, variables }, { ...ofAll, variables: { ids: ['1', '2'], label: 'x' } })).toBe(1);
    expect(await groupsOf({ ...ofAll, variables }, { ...ofAll, variables: { ...variables, ids: ['2', '1'] } })).toBe(2);
    expect(
      await groupsOf(ofAll, { ...ofAll, variables: { label: 'x' } }, { ...ofAll, variables: { label: 'y' } }),
    ).toBe(3);
    expect(await groupsOf(ofAll, { ...ofAll, query: `${query} ` })).toBe(2);
    const named = 'subscription A { told { number } } subscription B { told { cursor } }';
    expect(await groupsOf(...['A', 'B', 'A'].map((operationName) => ({ schema, query: named, operationName })))).toBe(
      2,
    );
  });

  it('is as narrow as the widest field that is selected', async () => {
    const [ada, bob, staffed] = [aViewer(Role.USER), aViewer(Role.USER), aViewer(Role.STAFF, Role.USER)];
    const sorted = aViewer(Role.USER, Role.STAFF);
    const everybody = [ada, bob, staffed, sorted, null];
    const count = (field: string): Promise<number> => groupsOf(...everybody.map((viewer) => selecting(field, viewer)));
    expect(await count('number')).toBe(1);
    expect(await count('roles')).toBe(3);
    expect(await count('id')).toBe(5);
    expect(await groupsOf(selecting('id', ada), selecting('id', { ...ada, sessionId: 'other', expiresAt: 1 }))).toBe(1);
    expect(await groupsOf(selecting('id', ada), selecting('id', { ...ada, roles: [Role.ADMIN] }))).toBe(2);
  });

  it('tells each what is theirs', async () => {
    const viewers = [aViewer(Role.USER), aViewer(Role.USER), null];
    const all: Listener[] = [];
    for (const viewer of viewers) all.push(await listen(selecting('id roles number', viewer)));
    const grown = await growth(async () => {
      await happen(shop, [7]);
      for (const [n, listener] of all.entries()) {
        const told = { id: viewers[n]?.id ?? null, roles: viewers[n]?.roles.join() ?? null, number: 7 };
        expect(await listener.results(1)).toEqual([{ data: { told } }]);
      }
    });
    expect(grown).toEqual({ executions: 3, deliveries: 3 });
  });

  it('is made only for groups that somebody follows and that an event concerns', async () => {
    const [mine, other] = ['0198f2c4-d1e2-7abc-8def-0123456789ab', '0198f2c4-d1e2-7abc-8def-0123456789ac'];
    const one = await listen({ ...ofAll, variables: { ids: [mine] } });
    const both = await listen({ ...ofAll, variables: { ids: [other, mine, other] } });
    const none = await listen({ ...ofAll, variables: { ids: [] } });
    await listen({ ...ofAll, variables: { label: 'not begun' } }, { begins: false });
    expect(insidesOf(shop)).toMatchObject({ groups: 4, index: 3, watchers: 4 });
    expect(await growth(() => happen(shop, [1, 'not for anybody'], mine))).toEqual({ executions: 2, deliveries: 2 });
    expect(await growth(() => happen(shop, [2], other))).toEqual({ executions: 1, deliveries: 1 });
    expect([one, both, none].map(({ answers }) => answers.length)).toEqual([1, 2, 0]);
    for (const listener of listeners) listener.leave();
    expect(await growth(() => happen(shop, [3], mine))).toEqual({ executions: 0, deliveries: 0 });
  });

  it('is remembered for those who come back, and forgotten when all have left', async () => {
    const after = (await shop.send('{ liveCursor }')).data['liveCursor'];
    const asked = { ...ofAll, variables: { after } };
    const first = await listen(asked);
    await happen(shop, [1, 2, 3]);
    await first.results(3);
    const grown = await growth(async () => {
      const late = [await listen(asked), await listen(asked)];
      for (const listener of late)
        expect((await listener.results(3)).map(({ data }) => data['told'].number)).toEqual([1, 2, 3]);
    });
    expect(grown).toEqual({ executions: 0, deliveries: 6 });
    expect(insidesOf(shop)).toMatchObject({ groups: 1, index: 1, remembered: 3, watchers: 3 });
  });
});

describe('what goes wrong', () => {
  it('for now is tried again until it is told, and no longer than somebody waits for it', async () => {
    let failures = 1;
    const schema = handMade({
      late: reading(() => {
        failures -= 1;
        if (failures >= 0) throw new Unavailable();
        return 'told';
      }),
    });
    const asked = { schema, query: 'subscription { told { number late } }' };
    const listener = await listen(asked);
    const grown = await growth(async () => {
      await happen(shop, [1, 2]);
      expect(await listener.results(2)).toEqual([1, 2].map((number) => ({ data: { told: { number, late: 'told' } } })));
    });
    expect(grown).toEqual({ executions: 3, deliveries: 2 });
    failures = Infinity;
    await happen(shop, [3]);
    const [group] = hubOf(shop)['groups'].values();
    await until('it is tried', () => group?.['current'] !== null);
    listener.leave();
    const { executions } = metricsOf(shop);
    await until('it is given up', () => group?.['current'] === null);
    expect(metricsOf(shop).executions - executions).toBeLessThanOrEqual(1);
  });

  it('with an event ends the live queries that it concerns, and no others', async () => {
    const schema = handMade();
    const [hit, also] = [
      await listen({ schema, query: 'subscription { told { number } }' }),
      await listen({ schema, query: 'subscription { told { number } }' }),
    ];
    const spared = await listen({
      schema,
      query: 'subscription ($ids: [String!]) { told(ids: $ids) { number } }',
      variables: { ids: ['x'] },
    });
    await happen(shop, ['fault', 2]);
    for (const { failures, answers } of [hit, also])
      expect([failures, answers]).toEqual([[new Error('Nobody can tell this.')], []]);
    expect([spared.failures, openStreams(shop)]).toEqual([[], 1]);
  });
});

describe('events that come faster than they can be executed', () => {
  it('do not pile up, and are all told, once and in order', async () => {
    const held: (() => void)[] = [];
    let holds = true;
    const schema = handMade({
      slow: reading(() => (holds ? new Promise<void>((resolve) => held.push(resolve)) : undefined)),
    });
    const all = [
      await listen({ schema, query: 'subscription { told { number slow } }' }),
      await listen({ schema, query: 'subscription { told { number slow } }' }),
    ];
    const numbers = Array.from({ length: 2_500 }, (_, n) => n);
    await happen(shop, numbers);
    const [group] = hubOf(shop)['groups'].values();
    expect([held.length, group?.['waiting'].length]).toEqual([1, 0]);
    holds = false;
    for (const go of held) go();
    for (const listener of all) {
      expect((await listener.results(2_500)).map(({ data }) => data['told'].number)).toEqual(numbers);
    }
    await happen(shop, [-1]);
    for (const listener of all) expect((await listener.results(1))[0]?.data['told'].number).toBe(-1);
  });
});
