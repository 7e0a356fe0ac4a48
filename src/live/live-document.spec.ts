import { buildSchema, getOperationAST, parse } from 'graphql';
import { liveDocument, type LiveDocument } from './live-document.js';

const schema = buildSchema(`
  type Query { nothing: Int }
  type Told { number: Int items(after: String, first: Int): [Told] }
  type Subscription { told(after: String, label: String): Told }
`);

function documentOf(text: string, operationName?: string): LiveDocument {
  const document = parse(text);
  const definition = getOperationAST(document, operationName);
  if (!definition) throw new Error('Which operation?');
  return liveDocument(schema, document, definition);
}

const variableOf = (text: string, operationName?: string): string | null =>
  documentOf(text, operationName).cursorVariable;

describe('the variable of the cursor', () => {
  it('is what the live field goes on after, whatever its name', () => {
    expect(variableOf('subscription ($after: String) { told(after: $after) { number } }')).toBe('after');
    expect(variableOf('subscription ($x: String, $y: String) { told(label: $y, after: $x) { number } }')).toBe('x');
    expect(variableOf('subscription ($x: String = "1") { mine: told(after: $x) { number } }')).toBe('x');
  });

  it('is none without a variable there', () => {
    expect(variableOf('subscription { told { number } }')).toBeNull();
    expect(variableOf('subscription { told(after: "x") { number } }')).toBeNull();
    expect(variableOf('subscription { told(after: null) { number } }')).toBeNull();
    expect(variableOf('subscription ($x: String) { told(label: $x) { number } }')).toBeNull();
  });

  it('is not one that only says where a list below goes on', () => {
    expect(variableOf('subscription ($x: String) { told { items(after: $x) { number } } }')).toBeNull();
    const both = 'subscription ($x: String, $y: String) { told(after: $y) { items(after: $x) { number } } }';
    expect(variableOf(both)).toBe('y');
  });

  it('is not one that says something else too', () => {
    expect(variableOf('subscription ($x: String) { told(after: $x, label: $x) { number } }')).toBeNull();
    expect(variableOf('subscription ($x: String) { told(after: $x) { items(after: $x) { number } } }')).toBeNull();
    const inFragment =
      'subscription ($x: String) { told(after: $x) { ...More } } fragment More on Told { items(after: $x) { number } }';
    expect(variableOf(inFragment)).toBeNull();
    const twice = 'subscription ($x: String) { told(after: $x) { number } told(after: $x) { items { number } } }';
    expect(variableOf(twice)).toBeNull();
  });

  it('is left alone where the field stands in a fragment: then only those of one place share', () => {
    const text = 'subscription ($x: String) { ...All } fragment All on Subscription { told(after: $x) { number } }';
    expect(variableOf(text)).toBeNull();
  });

  it('is that of the operation that is meant', () => {
    const text = 'subscription A($x: String) { told(after: $x) { number } } subscription B { told { number } }';
    expect([variableOf(text, 'A'), variableOf(text, 'B')]).toEqual(['x', null]);
  });
});

describe('what is known of a document', () => {
  it('is worked out once', () => {
    const document = parse('subscription { told { number } }');
    const definition = getOperationAST(document);
    if (!definition) throw new Error('Which operation?');
    expect(liveDocument(schema, document, definition)).toBe(liveDocument(schema, document, definition));
    expect(liveDocument(schema, document, definition)).toEqual({ scope: 'public', cursorVariable: null });
  });
});
