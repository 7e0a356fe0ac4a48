import {
  buildSchema,
  getOperationAST,
  GraphQLObjectType,
  parse,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { fieldScope, scopeOf, type Scope } from './viewer-scope.js';

const SCHEMA = `
  type Query { nothing: Int }
  type Subscription { told: Told thing: Thing some: Some }
  type Told { plain: Int open: Int role: Int mine: Int unsaid: Int nested: Told things: [Thing!]! some: Some }
  interface Thing { name: Int }
  type Free implements Thing { name: Int roles: Int }
  type Bound implements Thing { name: Int mine: Int }
  union Some = Free | Bound
`;

const code: GraphQLFieldResolver<unknown, unknown> = () => 1;

/** What Nest gives to a plain property, by its name. */
const rootFieldResolver: GraphQLFieldResolver<unknown, unknown> = () => 1;

/** The schema, where fields have code and say how much of the viewer it reads, or nothing. */
function schemaWith(scopes: Record<string, Scope | 'unsaid' | 'property'>): GraphQLSchema {
  const schema = buildSchema(SCHEMA);
  for (const [name, said] of Object.entries(scopes)) {
    const field = fieldOf(schema, name);
    field.resolve = said === 'property' ? rootFieldResolver : code;
    if (said !== 'unsaid' && said !== 'property') field.extensions = { viewerScope: said };
  }
  return schema;
}

function fieldOf(schema: GraphQLSchema, name: string): GraphQLField<unknown, unknown> {
  const [typeName = '', fieldName = ''] = name.split('.');
  const type = schema.getType(typeName);
  const field = type instanceof GraphQLObjectType ? type.getFields()[fieldName] : undefined;
  if (!field) throw new Error(`There is no ${name}.`);
  return field;
}

const schema = schemaWith({
  'Subscription.told': 'public',
  'Subscription.thing': 'public',
  'Subscription.some': 'public',
  'Told.plain': 'property',
  'Told.open': 'public',
  'Told.role': 'role',
  'Told.mine': 'user',
  'Told.unsaid': 'unsaid',
  'Bound.name': 'role',
  'Free.roles': 'role',
  'Bound.mine': 'user',
});

function scope(text: string, operationName?: string): Scope {
  const document = parse(text);
  const definition = getOperationAST(document, operationName);
  if (!definition) throw new Error('Which operation?');
  return scopeOf(schema, document, definition);
}

describe('the scope of a field', () => {
  it('is what it declares; without that, of code everything, and of a property nothing', () => {
    const names = ['plain', 'open', 'role', 'mine', 'unsaid', 'nested'];
    const scopes = names.map((name) => fieldScope(fieldOf(schema, `Told.${name}`)));
    expect(scopes).toEqual(['public', 'public', 'role', 'user', 'user', 'public']);
  });

  it('of a live field without a word is everything', () => {
    const made = buildSchema(SCHEMA);
    const field = fieldOf(made, 'Subscription.told');
    field.subscribe = code;
    expect(fieldScope(field)).toBe('user');
  });
});

describe('the scope of an operation', () => {
  it('is the widest of its fields, wherever they stand', () => {
    expect(scope('subscription { told { plain open } }')).toBe('public');
    expect(scope('subscription { told { plain role open } }')).toBe('role');
    expect(scope('subscription { told { mine role } }')).toBe('user');
    expect(scope('subscription { told { unsaid } }')).toBe('user');
    expect(scope('subscription { told { nested { nested { plain a: role } } open } }')).toBe('role');
    expect(scope('subscription { told { __typename nested { __typename } } }')).toBe('public');
  });

  it('looks into fragments, named and not, also in those within them', () => {
    expect(scope('subscription { told { ... { mine } } }')).toBe('user');
    expect(scope('subscription { told { ... on Told { role } } }')).toBe('role');
    const named = 'fragment One on Told { ...Two open } fragment Two on Told { nested { role } }';
    expect(scope(`subscription { told { ...One } } ${named}`)).toBe('role');
    expect(scope(`subscription { told { ...One nested { ...One mine } } } ${named}`)).toBe('user');
    expect(scope(`subscription { ...Root } fragment Root on Subscription { told { mine } }`)).toBe('user');
  });

  it('takes every type into account that may stand behind an interface or union', () => {
    expect(scope('subscription { thing { name } }')).toBe('role');
    expect(scope('subscription { thing { __typename } }')).toBe('public');
    expect(scope('subscription { thing { ... on Free { name } } }')).toBe('public');
    expect(scope('subscription { thing { ... on Bound { mine } } }')).toBe('user');
    expect(scope('subscription { told { things { ... on Thing { name } } } }')).toBe('role');
    expect(scope('subscription { some { __typename ... on Free { roles } } }')).toBe('role');
    expect(scope('subscription { told { some { ... on Thing { ... on Bound { mine } } } } }')).toBe('user');
    expect(scope('subscription { some { ...F } } fragment F on Bound { mine }')).toBe('user');
  });

  it('does not depend on directives: what is skipped now may be included for another', () => {
    expect(scope('subscription ($no: Boolean!) { told { mine @include(if: $no) } }')).toBe('user');
  });

  it('is that of the operation that is meant', () => {
    const text = 'subscription A { told { mine } } subscription B { told { plain } }';
    expect([scope(text, 'A'), scope(text, 'B')]).toEqual(['user', 'public']);
  });
});
