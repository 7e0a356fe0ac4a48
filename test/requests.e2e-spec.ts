import { request as httpRequest } from 'node:http';
import { Role } from '../src/access/role.js';
import { signUp, type Account } from './support/accounts.js';
import { startShop, type Answer, type Shop } from './support/shop.js';

const CREATE = `mutation Create($input: CreateProductInput!) {
  createProduct(input: $input) { product { id version } userErrors { code field } }
}`;

describe('requests', () => {
  let shop: Shop;
  let staff: Account;
  beforeAll(async () => {
    shop = await startShop();
    staff = await signUp(shop, { roles: [Role.STAFF] });
  });
  afterAll(() => shop.close());

  /** Sends one body in any form. */
  const raw = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(shop.url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

  const codes = ({ errors }: Answer): unknown[] => (errors ?? []).map(({ extensions }) => extensions.code);

  /** How many rows there are of everything that a change could leave behind. */
  const rows = async (): Promise<object | undefined> => {
    const tables = [
      'products',
      'product_variants',
      'stock_levels',
      'stock_movements',
      'categories',
      'users',
      'sessions',
    ];
    const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ');
    const events = '(SELECT last_pos FROM event_state) + (SELECT count(*) FROM event_outbox) AS events';
    return (await shop.database.query<object>('test.rows', `SELECT ${counts}, ${events}`))[0];
  };

  /** Runs work that must not change anything. */
  const unchanged = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = await rows();
    const result = await work();
    expect(await rows()).toEqual(before);
    return result;
  };

  describe('that are malformed', () => {
    it.each<[string, string, string]>([
      ['a document with a syntax error', '{ shop { name }', 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', '{ shop { secret } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['an unknown argument', '{ products(limit: 1) { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['a literal of a wrong type', '{ products(first: "1") { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['two keys of a one-of input', '{ product(by: { slug: "a", sku: "b" }) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      ['no key of a one-of input', '{ product(by: {}) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
      [
        'several operations without a name',
        'query A { shop { name } } query B { shop { name } }',
        'OPERATION_RESOLUTION_FAILURE',
      ],
    ])('%s', async (_, query, code) => {
      const answer = await shop.send(query);
      expect(codes(answer)).toEqual([code]);
      expect(answer.data).toBeUndefined();
      expect(answer.status).toBe(200);
      expect(Date.parse(answer.errors?.[0]?.extensions.timestamp)).not.toBeNaN();
    });

    it('answers 400 to who accepts the newer media type', async () => {
      const accept = { accept: 'application/graphql-response+json' };
      expect((await raw(JSON.stringify({ query: '{ nothing }' }), accept)).status).toBe(400);
      expect((await raw(JSON.stringify({ query: '{ shop { name } }' }), accept)).status).toBe(200);
    });

    it('names the variable and the field of a wrong value', async () => {
      const input = { name: 'Lamp', variants: [{ sku: 'L', price: { amount: 'ten' } }] };
      const answer = await unchanged(() => shop.send(CREATE, { input }, staff.token));
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.extensions.fields).toEqual([
        { path: 'input.variants.0.price.amount', message: expect.stringContaining('a decimal number as a string') },
      ]);
    });

    it('answers shortly to thousands of wrong values', async () => {
      const variants = Array.from({ length: 2_000 }, () => ({ sku: 1 }));
      const response = await raw(JSON.stringify({ query: CREATE, variables: { input: { name: 'x', variants } } }), {
        authorization: `Bearer ${staff.token}`,
      });
      const text = await response.text();
      expect(text.length).toBeLessThan(10_000);
      const { errors } = JSON.parse(text) as Answer;
      expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
    });

    it.each([
      ['no JSON', '{"query"', 400],
      ['a list of operations', JSON.stringify([{ query: '{ shop { name } }' }]), 400],
      ['no query', '{}', 400],
      ['a body over 100 kB', JSON.stringify({ query: `{ shop { name } } #${'x'.repeat(110_000)}` }), 413],
    ])('%s', async (_, body, status) => {
      expect((await raw(body)).status).toBe(status);
    });

    it('refuses a mutation by GET, and a GET that a foreign page could send', async () => {
      const url = `${shop.url}?query=${encodeURIComponent('mutation { logout(input: { refreshToken: "x" }) { userErrors { code } } }')}`;
      expect((await fetch(url, { headers: { 'apollo-require-preflight': '1' } })).status).toBe(405);
      const query = `${shop.url}?query=${encodeURIComponent('{ shop { name } }')}`;
      expect((await fetch(query)).status).toBe(400);
      expect((await fetch(query, { headers: { 'apollo-require-preflight': '1' } })).status).toBe(200);
    });
  });

  describe('that ask for too much', () => {
    const deep = (levels: number): string =>
      `{ categories { ${'children { '.repeat(levels)} id ${'} '.repeat(levels)} } }`;

    it('refuses lists in lists by what they could hold', async () => {
      const query =
        '{ products(first: 100) { nodes { category { products(first: 100) { nodes { recommendations { id } } } } } } }';
      const answer = await shop.send(query);
      expect(codes(answer)).toEqual(['QUERY_TOO_COMPLEX']);
      expect(answer.extensions.sql.statements).toBe(0);
    });

    it('counts page sizes that come as variables, and fragments wherever they are spread', async () => {
      const query = `query Q($n: Int) { a: products(first: $n) { ...P } b: products(first: $n) { ...P } }
        fragment P on ProductConnection { nodes { recommendations(first: 20) { recommendations(first: 20) { id } } } }`;
      expect(codes(await shop.send(query, { n: 1 }))).toEqual([]);
      expect(codes(await shop.send(query, { n: 100 }))).toEqual(['QUERY_TOO_COMPLEX']);
    });

    it('refuses long documents by whatever spelling of the path they come', async () => {
      const body = JSON.stringify({ query: `{ shop { name } } #${'x'.repeat(20_000)}` });
      const response = await fetch(shop.url.replace('/graphql', '/%67raphql'), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      const answer = (await response.json()) as Answer;
      expect(codes(answer)).toEqual(['QUERY_TOO_COMPLEX']);
    });

    it('counts page sizes that are defaults of variables, and what stands beside the items only once', async () => {
      const of = (
        size: string,
      ) => `query Q($n: Int = ${size}) { products(first: $n) { nodes { recommendations(first: 20) {
        recommendations(first: 20) { id } } } } }`;
      expect(codes(await shop.send(of('1')))).toEqual([]);
      expect(codes(await shop.send(of('100')))).toEqual(['QUERY_TOO_COMPLEX']);
      const facets =
        '{ search(text: "x", first: 100) { facets { categories { category { ancestors { ancestors { id } } } } } } }';
      expect(codes(await shop.send(facets))).toEqual([]);
    });

    it('refuses deep nesting and documents longer than any real one', async () => {
      expect(codes(await shop.send(deep(14)))).toEqual(['QUERY_TOO_COMPLEX']);
      expect(codes(await shop.send(`{ shop { name } } #${'x'.repeat(20_000)}`))).toEqual(['QUERY_TOO_COMPLEX']);
      const many = `{ ${Array.from({ length: 2_000 }, (_, n) => `a${n}: liveCursor`).join(' ')} }`;
      expect(codes(await shop.send(many.slice(0, 19_000).replace(/ a\d+:? ?\w*$/, ' }')))).toEqual([
        'GRAPHQL_PARSE_FAILED',
      ]);
    });
  });

  describe('with values that no row can hold', () => {
    it.each([
      ['a NUL byte', 'Lamp\0', 'BAD_USER_INPUT'],
      // The lexer of GraphQL itself knows no such text.
      ['half of a surrogate pair', 'Lamp\ud83d', 'GRAPHQL_PARSE_FAILED'],
    ])('%s, in variables and in literals', async (_, name, literalCode) => {
      const answer = await unchanged(() => shop.send(CREATE, { input: { name } }, staff.token));
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.extensions.fields[0].path).toBe('input.name');
      const literal = `{ search(text: ${JSON.stringify(name)}) { totalCount } }`;
      expect(codes(await shop.send(literal))).toEqual([literalCode]);
    });

    it.each<[string, object, string]>([
      ['an empty name', { name: '' }, 'input.name'],
      ['a name of 301 characters', { name: 'x'.repeat(301) }, 'input.name'],
      ['a slug with blanks', { name: 'Lamp', slug: 'a lamp' }, 'input.slug'],
      ['an id of another kind', { name: 'Lamp', categoryId: `product_${'0'.repeat(32)}` }, 'input.categoryId'],
      ['an id that is none', { name: 'Lamp', categoryId: "' OR 1=1" }, 'input.categoryId'],
      [
        'a negative price',
        { name: 'Lamp', variants: [{ sku: 'L', price: { amount: '-1' } }] },
        'input.variants.0.price.amount',
      ],
      [
        'a price too fine',
        { name: 'Lamp', variants: [{ sku: 'L', price: { amount: '1.999' } }] },
        'input.variants.0.price.amount',
      ],
      [
        'a negative stock',
        { name: 'Lamp', variants: [{ sku: 'L', price: { amount: '1' }, stock: -1 }] },
        'input.variants.0.stock',
      ],
    ])('%s', async (_, input, path) => {
      const answer = await unchanged(() => shop.send(CREATE, { input }, staff.token));
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.extensions.fields.map((field: { path: string }) => field.path)).toEqual([path]);
    });

    it.each<[string, string]>([
      ['first: 0', 'first'],
      ['first: 101', 'first'],
      ['first: -5', 'first'],
      ['last: 0', 'last'],
      ['skip: -1', 'skip'],
    ])('a page of %s', async (args, path) => {
      const answer = await shop.send(`{ products(${args}) { totalCount } }`);
      expect(codes(answer)).toEqual(['BAD_USER_INPUT']);
      expect(answer.errors?.[0]?.extensions.fields[0].path).toBe(path);
    });

    it('a cursor of another list', async () => {
      await shop.send(CREATE, { input: { name: 'Chair' } }, staff.token);
      const byAge = await shop.send('{ products(first: 1) { pageInfo { endCursor } } }');
      const after = byAge.data.products.pageInfo.endCursor;
      const other = 'query Q($after: Cursor) { products(after: $after, sort: { field: NAME }) { totalCount } }';
      expect(codes(await shop.send(other, { after }))).toEqual(['CURSOR_INVALID']);
      expect(codes(await shop.send(other, { after: 'garbage' }))).toEqual(['CURSOR_INVALID']);
    });
  });

  it('answers null for what does not exist', async () => {
    const id = '0'.repeat(32);
    const query = `{ product(by: { id: "product_${id}" }) { id } category(by: { slug: "none" }) { id }
      a: node(id: "product_${id}") { id } b: node(id: "nonsense") { id } nodes(ids: ["user_${id}"]) { id } }`;
    const answer = await shop.send(query);
    expect(answer.errors).toBeUndefined();
    expect(answer.data).toEqual({ product: null, category: null, a: null, b: null, nodes: [null] });
  });

  it('refuses the second of two changes of one version', async () => {
    const created = await shop.send(CREATE, { input: { name: 'Table' } }, staff.token);
    const { id, version } = created.data.createProduct.product;
    const update =
      'mutation U($input: UpdateProductInput!) { updateProduct(input: $input) { product { name } userErrors { code } } }';
    const change = (name: string) => shop.send(update, { input: { id, name, expectedVersion: version } }, staff.token);
    const answers = await Promise.all([change('Desk'), change('Bench')]);
    const refused = answers.map(({ data }) =>
      data.updateProduct.userErrors.map((error: { code: string }) => error.code),
    );
    expect(refused.toSorted((a, b) => a.length - b.length)).toEqual([[], ['VERSION_CONFLICT']]);
  });

  it('does not take a broken token for nobody', async () => {
    const answer = await shop.send('{ shop { name } }', {}, `${staff.token}x`);
    expect(codes(answer)).toEqual(['UNAUTHENTICATED']);
  });

  it('closes a connection whose request never comes to its end', async () => {
    const { port } = new URL(shop.url);
    const response = await new Promise<number | string>((resolve) => {
      const request = httpRequest({
        port,
        method: 'POST',
        path: '/graphql',
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
      });
      request.on('response', ({ statusCode }) => resolve(statusCode ?? 0));
      request.on('error', ({ message }) => resolve(message));
      request.end(Buffer.from([0x1f, 0x8b, 0, 0]));
    });
    expect(response).toBe(400);
  });
});
