import { buildSchema, getOperationAST, parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { QueryTooComplex } from '../errors/request-errors.js';
import { LIST_SIZE, refuseTooComplex } from './limits.js';

const SCHEMA = buildSchema(`
  type Item { id: ID items(first: Int = 10, last: Int, text: String): Items some(count: Int): [Item] }
  type Items { nodes: [Item] }
  type Query { items(first: Int = 10, last: Int, text: String): Items }
`);
const some = SCHEMA.getType('Item');
if (some && 'getFields' in some) {
  const field = some.getFields()['some'];
  if (field) field.extensions = { [LIST_SIZE]: ({ count }: Record<string, unknown>) => Number(count ?? 1) };
}

/** The cost of an operation, as its refusal tells it. */
function costOf(document: DocumentNode, variables: Record<string, unknown>): unknown {
  const definition = getOperationAST(document) as OperationDefinitionNode;
  try {
    refuseTooComplex({ maxCost: 0, maxDepth: 10 }, SCHEMA, { document, definition, variables });
  } catch (error) {
    if (error instanceof QueryTooComplex) return error.details?.['cost'];
    throw error;
  }
  return 0;
}

describe('the cost of an operation', () => {
  it('is measured again for other page sizes, and not for other texts', () => {
    const document = parse(`query ($first: Int = 30, $text: String, $count: Int) {
      items(first: $first, text: $text) { nodes { id ...F } }
    } fragment F on Item { some(count: $count) { id } }`);
    const costs = [
      { first: 5 },
      { first: 7 },
      { first: 5, text: 'x' },
      {},
      { first: null },
      { first: 5, count: 9 },
      { first: 5 },
    ];
    const measured = costs.map((variables) => costOf(document, variables));
    const afresh = costs.map((variables) => costOf(parse(String(document.loc?.source.body)), variables));
    expect(measured).toEqual(afresh);
    expect(measured).toEqual([12, 16, 12, 62, 22, 52, 12]);
  });

  it('is right for more sizes than are remembered', () => {
    const document = parse('query ($first: Int) { items(first: $first) { nodes { id } } }');
    const sizes = Array.from({ length: 60 }, (_, n) => n % 40);
    expect(sizes.map((first) => costOf(document, { first }))).toEqual(sizes.map((first) => 2 + Math.max(first, 1)));
  });
});
