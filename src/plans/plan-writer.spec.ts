import { buildSchema, getOperationAST, parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { PlanSource } from './plan-source.js';
import { PlanWriter } from './plan-writer.js';
import { NotPlanned, type Shape } from './shape.js';
import { column, listOf } from './sql-json.js';
import { writtenObjects, type WrittenObjects } from './written-objects.js';

const SCHEMA = buildSchema(`
  interface Named { name: String }
  type Thing implements Named { id: ID! name: String size: Int price: Price! maker: Maker parts: [Thing!]! other: Int own: Int near(to: Int): [Thing] }
  type Price { amount: String! of: Thing }
  type Maker implements Named { name: String }
  type Query { thing(id: Int): Thing }
`);

let pricesWritten = 0;

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
      size: (row, _, draft) => `${row}.size * ${draft.fixed('unit', () => 7)}`,
      price: (row, asked) => asked.of('Price', row),
      maker: (row, asked) => `CASE WHEN ${row}.maker THEN ${asked.of('Maker', row)} END`,
      parts: (row, asked, draft) => {
        const part = draft.alias();
        return listOf(asked.of('Thing', part), `parts ${part} WHERE ${part}.of = ${row}.id`, `${part}.id`);
      },
      own: (row, _, draft) =>
        `${row}.own_${draft.forStaff} = ${draft.constant('viewer', () => draft.viewer?.id ?? null)}`,
      near: (row, asked, draft) => {
        const [near, to] = [draft.alias(), asked.args['to'] as number];
        return listOf(asked.of('Thing', near), `near_${to} ${near} WHERE ${near}.of = ${row}.id`, `${near}.id`);
      },
    } satisfies Shape,
    Price: {
      amount: (row) => {
        pricesWritten += 1;
        return `${row}.price`;
      },
    } satisfies Shape,
    Maker: { name: column('maker_name') } satisfies Shape,
  }),
);

/** The statement of a document, without the SELECT around the thing. */
function planned(text: string, variables: Record<string, unknown> = {}): { sql: string; params: unknown[] } {
  return new Planned(text).by(null, variables);
}

/** A document that is planned again and again. */
class Planned {
  private readonly document: DocumentNode;
  private readonly source: PlanSource;

  constructor(
    text: string,
    private readonly known: WrittenObjects = writtenObjects(),
  ) {
    this.document = parse(text);
    this.source = new PlanSource(SCHEMA, this.document);
  }

  by(viewer: Viewer | null, variables: Record<string, unknown> = {}): { sql: string; params: unknown[] } {
    const { selectionSet } = getOperationAST(this.document) as OperationDefinitionNode;
    const writer = new PlanWriter(this.source, SHAPES, variables, viewer, this.known);
    return { sql: writer.object('Query', [selectionSet], { row: null, repeats: false }), params: writer.params };
  }
}

const viewer = (id: string, role: Role): Viewer => ({ id, roles: [role], sessionId: id, expiresAt: 0 });

const NAME = `coalesce(to_json(t1.name)::text, 'null')`;

/** SQL of the query around a thing. */
function thing(json: string, from = 'things t1 WHERE t1.id = $1'): string {
  return `('{"thing":' || coalesce((SELECT ${json} FROM ${from}), 'null') || '}')`;
}

describe('the writer of plans', () => {
  it('names members as they are asked for, in their order', () => {
    expect(planned('{ thing(id: 3) { b: name id __typename a: __typename } }')).toEqual({
      sql: thing(`('{"b":' || ${NAME} || ',"id":"' || (t1.id) || '","__typename":"Thing","a":"Thing"}')`),
      params: [3],
    });
  });

  it('makes an object that is there for sure a part of the one around it', () => {
    const { sql } = planned('{ thing(id: 3) { price { amount } } }');
    expect(sql).toBe(thing(`('{"price":{"amount":' || coalesce(to_json(t1.price)::text, 'null') || '}}')`));
  });

  it('writes null for an object that may be missing', () => {
    const { sql } = planned('{ thing(id: 3) { maker { name } } }');
    const maker = `('{"name":' || coalesce(to_json(t1.maker_name)::text, 'null') || '}')`;
    expect(sql).toBe(thing(`('{"maker":' || coalesce(CASE WHEN t1.maker THEN ${maker} END, 'null') || '}')`));
  });

  it('merges selections of one name, and takes fragments on the type and its interfaces', () => {
    const text = `query ($id: Int) { thing(id: $id) { price { amount } ...F ... on Named { name } price { again: amount } } }
      fragment F on Thing { id ... on Maker { name } }`;
    const amount = `coalesce(to_json(t1.price)::text, 'null')`;
    expect(planned(text, { id: 4 })).toEqual({
      sql: thing(
        `('{"price":{"amount":' || ${amount} || ',"again":' || ${amount} || '},"id":"' || (t1.id) || '","name":' || ${NAME} || '}')`,
      ),
      params: [4],
    });
  });

  it('takes a constant once', () => {
    const { sql, params } = planned('{ thing(id: 3) { size double: size } }');
    const size = `coalesce((t1.size * $1)::text, 'null')`;
    expect(sql).toBe(thing(`('{"size":' || ${size} || ',"double":' || ${size} || '}')`, 'things t1 WHERE t1.id = $2'));
    expect(params).toEqual([7, 3]);
  });

  it('writes objects of any number of members', () => {
    const names = Array.from({ length: 300 }, (_, n) => `name${n}: name`).join(' ');
    const { sql } = planned(`{ thing(id: 3) { ${names} } }`);
    expect(sql.match(/"name\d+":/g)).toHaveLength(300);
    expect(sql).toMatch(/^\('{"thing":' \|\| coalesce\(\(SELECT \(\('{"name0":' .*\)\) FROM things t1 WHERE/);
  });

  it('writes what depends on nobody and on no value once', () => {
    const text = 'query ($id: Int) { thing(id: $id) { id size parts { name price { amount } } } }';
    const document = new Planned(text);
    const first = document.by(null, { id: 1 });
    const before = pricesWritten;
    expect(document.by(null, { id: 2 })).toEqual({ sql: first.sql, params: [7, 2] });
    expect(document.by(null, { id: 3 })).toEqual({ sql: first.sql, params: [7, 3] });
    expect(pricesWritten).toBe(before);
    expect(new Planned(text).by(null, { id: 4 })).toEqual({ sql: first.sql, params: [7, 4] });
    expect(pricesWritten).toBe(before + 1);
  });

  it('takes nothing of one viewer for another, and nothing of one request for another', () => {
    const memory = writtenObjects();
    const texts = [
      'query ($id: Int, $to: Int) { thing(id: $id) { id own size parts { size own } near(to: $to) { id parts { own } } } }',
      'query ($id: Int, $to: Int) { a: thing(id: $id) { size } b: thing(id: 1) { id own near(to: $to) { id size } near2: near(to: 5) { own } } }',
      'query ($id: Int, $to: Int) { thing(id: 1) { parts { id price { amount } } } b: thing(id: $to) { parts { id size } } }',
    ];
    const documents = texts.map((text) => new Planned(text, memory));
    const viewers = [
      null,
      viewer('a', Role.USER),
      viewer('b', Role.USER),
      viewer('c', Role.STAFF),
      null,
      viewer('a', Role.STAFF),
    ];
    for (const who of [...viewers, ...viewers.toReversed()]) {
      for (const [n, document] of documents.entries()) {
        for (const variables of [{ id: 1, to: 2 }, { id: 3, to: 4 }, { to: 2 }]) {
          expect(document.by(who, variables)).toEqual(new Planned(texts[n] ?? '').by(who, variables));
        }
      }
    }
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
