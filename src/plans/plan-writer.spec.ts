import { buildSchema, getOperationAST, parse, type OperationDefinitionNode } from 'graphql';
import { PlanSource } from './plan-source.js';
import { PlanWriter } from './plan-writer.js';
import { NotPlanned, type Shape } from './shape.js';
import { column, listOf } from './sql-json.js';

const SCHEMA = buildSchema(`
  interface Named { name: String }
  type Thing implements Named { id: ID! name: String size: Int price: Price! maker: Maker parts: [Thing!]! other: Int }
  type Price { amount: String! of: Thing }
  type Maker implements Named { name: String }
  type Query { thing(id: Int): Thing }
`);

const SHAPES = new Map<string, Shape<never>>(
  Object.entries<Shape<never>>({
    Query: {
      thing: (_, asked, draft) => {
        const row = draft.alias();
        return `(SELECT ${asked.of('Thing', row)} FROM things ${row} WHERE ${row}.id = ${draft.bind(asked.args['id'])})`;
      },
    } satisfies Shape<null>,
    Thing: {
      id: column('id'),
      name: column('name'),
      size: (row, _, draft) => `${row}.size * ${draft.constant('unit', () => 7)}`,
      price: (row, asked) => asked.of('Price', row),
      maker: (row, asked) => `CASE WHEN ${row}.maker THEN ${asked.of('Maker', row)} END`,
      parts: (row, asked, draft) => {
        const part = draft.alias();
        return listOf(asked.of('Thing', part), `parts ${part} WHERE ${part}.of = ${row}.id`, `${part}.id`);
      },
    } satisfies Shape,
    Price: { amount: column('price') } satisfies Shape,
    Maker: { name: column('maker_name') } satisfies Shape,
  }),
);

/** The statement of a document, without the SELECT around the thing. */
function planned(text: string, variables: Record<string, unknown> = {}): { sql: string; params: unknown[] } {
  const document = parse(text);
  const { selectionSet } = getOperationAST(document) as OperationDefinitionNode;
  const writer = new PlanWriter(new PlanSource(SCHEMA, document), SHAPES, variables, null);
  return { sql: writer.object('Query', [selectionSet], { row: null, repeats: false }), params: writer.params };
}

const NAME = `coalesce(to_json(t1.name)::text, 'null')`;

/** SQL of the query around a thing. */
function thing(json: string, from = 'things t1 WHERE t1.id = $1'): string {
  return `concat('{"thing":', coalesce((SELECT ${json} FROM ${from}), 'null'), '}')`;
}

describe('the writer of plans', () => {
  it('names members as they are asked for, in their order', () => {
    expect(planned('{ thing(id: 3) { b: name id __typename a: __typename } }')).toEqual({
      sql: thing(`concat('{"b":', ${NAME}, ',"id":"', t1.id, '","__typename":"Thing","a":"Thing"}')`),
      params: [3],
    });
  });

  it('makes an object that is there for sure a part of the one around it', () => {
    const { sql } = planned('{ thing(id: 3) { price { amount } } }');
    expect(sql).toBe(thing(`concat('{"price":{"amount":', coalesce(to_json(t1.price)::text, 'null'), '}}')`));
  });

  it('writes null for an object that may be missing', () => {
    const { sql } = planned('{ thing(id: 3) { maker { name } } }');
    const maker = `concat('{"name":', coalesce(to_json(t1.maker_name)::text, 'null'), '}')`;
    expect(sql).toBe(thing(`concat('{"maker":', coalesce(CASE WHEN t1.maker THEN ${maker} END, 'null'), '}')`));
  });

  it('merges selections of one name, and takes fragments on the type and its interfaces', () => {
    const text = `query ($id: Int) { thing(id: $id) { price { amount } ...F ... on Named { name } price { again: amount } } }
      fragment F on Thing { id ... on Maker { name } }`;
    const amount = `coalesce(to_json(t1.price)::text, 'null')`;
    expect(planned(text, { id: 4 })).toEqual({
      sql: thing(
        `concat('{"price":{"amount":', ${amount}, ',"again":', ${amount}, '},"id":"', t1.id, '","name":', ${NAME}, '}')`,
      ),
      params: [4],
    });
  });

  it('takes a constant once', () => {
    const { sql, params } = planned('{ thing(id: 3) { size double: size } }');
    const size = `coalesce((t1.size * $1)::text, 'null')`;
    expect(sql).toBe(thing(`concat('{"size":', ${size}, ',"double":', ${size}, '}')`, 'things t1 WHERE t1.id = $2'));
    expect(params).toEqual([7, 3]);
  });

  it('writes objects of any number of members', () => {
    const names = Array.from({ length: 300 }, (_, n) => `name${n}: name`).join(' ');
    const { sql } = planned(`{ thing(id: 3) { ${names} } }`);
    expect(sql.match(/"name\d+":/g)).toHaveLength(300);
    expect(sql).toMatch(
      /^concat\('{"thing":', coalesce\(\(SELECT concat\(concat\('{"name0":', .*\)\) FROM things t1 WHERE/,
    );
  });

  it.each([
    ['a field without a shape', '{ thing { other } }'],
    ['a field of a type without a shape', '{ thing { price { of { id } } } }'],
    ['a directive', '{ thing { name @include(if: true) } }'],
    ['a directive on a fragment', '{ thing { ... @skip(if: false) { name } } }'],
  ])('leaves %s to the resolvers', (_, text) => {
    expect(() => planned(text)).toThrow(NotPlanned);
  });

  it('leaves what reads more than 100 tables to the resolvers', () => {
    const nested = (levels: number): string => (levels === 0 ? 'id' : `parts { ${nested(levels - 1)} }`);
    expect(planned(`{ thing { ${nested(99)} } }`).sql).toContain('parts t100');
    expect(() => planned(`{ thing { ${nested(100)} } }`)).toThrow(NotPlanned);
  });
});
