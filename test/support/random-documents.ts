import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { pick } from './catalogue.js';
import type { RandomValues } from './random-values.js';

/** What is sent. */
export interface RandomRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName?: string;
}

/** What documents are made of. */
export interface Ground {
  schema: GraphQLSchema;
  /** Root fields that are asked for. */
  roots: readonly string[];
  /** Fields that are asked for once in a hundred times: `Type.field`. */
  rare: readonly string[];
  values: RandomValues;
}

type Composite = GraphQLObjectType | GraphQLInterfaceType;
type Random = () => number;

/** A valid document, by chance: fields, aliases, the same field twice, fragments, arguments as literals and variables. */
export class RandomDocument {
  private readonly fragments: { name: string; type: string; text: string }[] = [];
  private readonly definitions: string[] = [];
  private readonly variables: Record<string, unknown> = {};
  private readonly known: { name: string; type: string }[] = [];
  private names = 0;

  constructor(
    private readonly ground: Ground,
    private readonly random: Random,
  ) {}

  request(): RandomRequest {
    const { schema, roots } = this.ground;
    const query = schema.getQueryType();
    if (!query) throw new Error('There is no query type.');
    const wanted = Array.from({ length: this.chance(0.6) ? 1 : 1 + this.below(3) }, () => this.one(roots));
    const depth = 2 + this.below(4);
    const fields = wanted.flatMap((name) => this.field(query, query.getFields()[name], depth, this.chance(0.3)));
    if (this.chance(0.1)) fields.push('__typename');
    if (this.chance(0.1)) fields.push(...this.field(query, query.getFields()['shop'], 2, true));
    if (this.chance(0.1))
      fields.push(`... on Query { ${this.field(query, query.getFields()['liveCursor'], 1, true).join(' ')} }`);
    const body = fields.join(' ');
    const named = this.definitions.length > 0 || this.chance(0.2);
    const head = named ? `query Q${this.definitions.length > 0 ? `(${this.definitions.join(', ')})` : ''} ` : '';
    const fragments = this.fragments.map(({ name, type, text }) => `fragment ${name} on ${type} { ${text} }`);
    const others = named && this.chance(0.04);
    const query2 = others ? ['query Other { shop { name } }'] : [];
    return {
      query: [`${head}{ ${body} }`, ...fragments, ...query2].join('\n'),
      variables: this.variables,
      ...(others || (named && this.chance(0.1)) ? { operationName: this.chance(0.95) ? 'Q' : 'Other' } : {}),
    };
  }

  private selection(type: Composite, depth: number): string {
    const { rare, schema } = this.ground;
    const fields = Object.values(type.getFields()).filter(
      (field) =>
        (depth > 0 || !isComposite(field)) && (!rare.includes(`${type.name}.${field.name}`) || this.chance(0.01)),
    );
    const parts: string[] = [];
    const count = 1 + this.below(isInterfaceType(type) ? 2 : 5);
    for (let n = 0; n < count && fields.length > 0; n += 1)
      parts.push(...this.field(type, this.one(fields), depth, false));
    if (this.chance(0.12) || parts.length === 0)
      parts.push(this.chance(0.5) ? '__typename' : `kind${this.next()}: __typename`);
    if (isInterfaceType(type)) {
      const types = schema.getPossibleTypes(type).filter(({ name }) => !rare.includes(name));
      for (let n = 0; n < 3; n += 1) {
        const one = this.one(types);
        parts.push(`... on ${one.name} { ${this.selection(one, depth - 1)} }`);
      }
    } else {
      if (this.chance(0.12)) parts.push(`... { ${this.selection(type, depth - 1)} }`);
      if (this.chance(0.1)) parts.push(`... on ${type.name} { ${this.selection(type, depth - 1)} }`);
      const [above] = type.getInterfaces();
      if (above && this.chance(0.15)) parts.push(`... on ${above.name} { id ${this.chance(0.5) ? '__typename' : ''} }`);
      if (this.chance(0.12)) parts.push(this.fragment(type, depth - 1));
    }
    return parts.join(' ');
  }

  /** A spread of a fragment, new or used before. */
  private fragment(type: GraphQLObjectType, depth: number): string {
    const before = this.fragments.filter((fragment) => fragment.type === type.name);
    if (before.length > 0 && this.chance(0.5)) return `...${this.one(before).name}`;
    const text = this.selection(type, depth);
    const name = `F${this.next()}`;
    this.fragments.push({ name, type: type.name, text });
    return `...${name}`;
  }

  /** A field, sometimes twice with different things selected. */
  private field(
    type: Composite,
    field: GraphQLField<unknown, unknown> | undefined,
    depth: number,
    bare: boolean,
  ): string[] {
    if (!field) return [];
    const values = this.ground.values.of(field.name, field.args);
    const args = field.args.flatMap((arg) => this.argument(arg, values));
    // The same name with other arguments would not be valid.
    const alias = bare ? '' : field.args.length > 0 || this.chance(0.2) ? `a${this.next()}: ` : '';
    const directive = this.chance(0.001)
      ? this.one([' @include(if: true)', ' @skip(if: true)', ' @include(if: false)'])
      : '';
    const head = `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directive}`;
    const inner = getNamedType(field.type);
    if (!isObjectType(inner) && !isInterfaceType(inner)) return [head];
    const times = this.chance(0.1) ? 2 : 1;
    return Array.from({ length: times }, () => `${head} { ${this.selection(inner, depth - 1)} }`);
  }

  private argument({ name, type }: GraphQLArgument, values: Record<string, unknown>): string[] {
    const value = values[name];
    if (value === undefined) return [];
    return [`${name}: ${this.written(type, value)}`];
  }

  /** A value as a literal, as a variable, or as a literal with variables in it. */
  private written(type: GraphQLInputType, value: unknown): string {
    if (this.chance(0.3)) return this.variable(type, value);
    return this.literal(type, value);
  }

  private variable(type: GraphQLInputType, value: unknown): string {
    const text = String(type);
    const same = this.known.filter((variable) => variable.type === text);
    if (same.length > 0 && this.chance(0.1)) return `$${this.one(same).name}`;
    const name = `v${this.next()}`;
    const nullable = !isNonNullType(type);
    // Without a value, with null, with a default, or with a default that something is sent instead of.
    if (nullable && this.chance(0.05)) this.definitions.push(`$${name}: ${text}`);
    else if (this.chance(0.15)) {
      this.definitions.push(
        `$${name}: ${String(getNullableType(type))}${nullable ? '' : '!'} = ${this.literal(type, value, false)}`,
      );
      if (this.chance(0.3)) this.variables[name] = value;
    } else {
      this.definitions.push(`$${name}: ${text}`);
      this.variables[name] = nullable && this.chance(0.03) ? null : value;
    }
    this.known.push({ name, type: text });
    return `$${name}`;
  }

  private literal(type: GraphQLInputType, value: unknown, withVariables = true): string {
    if (value === null || value === undefined) return 'null';
    const inner = getNullableType(type);
    const write = (of: GraphQLInputType, part: unknown): string =>
      withVariables && this.chance(0.5) ? this.written(of, part) : this.literal(of, part, withVariables);
    if (isListType(inner) && Array.isArray(value)) {
      return `[${value.map((item) => write(inner.ofType, item)).join(', ')}]`;
    }
    if (isInputObjectType(inner) && typeof value === 'object') {
      const fields = inner.getFields();
      const parts = Object.entries(value).map(([name, part]) => {
        const field = fields[name];
        // A field of a oneOf input takes no variable that may be null.
        return `${name}: ${!field ? plain(part) : inner.isOneOf ? this.literal(field.type, part, false) : write(field.type, part)}`;
      });
      return `{ ${parts.join(', ')} }`;
    }
    return isEnumType(inner) && typeof value === 'string' ? value : plain(value);
  }

  private next(): number {
    this.names += 1;
    return this.names;
  }

  private below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  private chance(part: number): boolean {
    return this.random() < part;
  }

  private one<T>(items: readonly T[]): T {
    return pick(this.random, items);
  }
}

function isComposite({ type }: GraphQLField<unknown, unknown>): boolean {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named);
}

/** JSON without quotes around names, which is how GraphQL writes values. */
function plain(value: unknown): string {
  return JSON.stringify(value).replaceAll(/"(\w+)":/g, '$1:');
}
