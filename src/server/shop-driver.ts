import { Injectable, type Type } from '@nestjs/common';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import {
  isObjectType,
  lexicographicSortSchema,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';

type Resolve = GraphQLFieldResolver<unknown, unknown>;
/** Code of one field: its resolver, or that of a live one. */
type FieldCode = Resolve | { resolve?: Resolve; subscribe?: Resolve };
/** Code by type and field. */
type TypesCode = Record<string, Record<string, FieldCode>>;

/** What Nest's own factory uses, and keeps to itself. */
interface Factory {
  resolversExplorerService: { explore(): TypesCode; getAllCtors(): Type[] };
  gqlSchemaBuilder: { build(file: true, options: ApolloDriverConfig, resolvers: Type[]): Promise<GraphQLSchema> };
}

/**
 * Makes the schema from the classes and puts their code into it. Nest's own driver prints the schema, parses the text, builds
 * another schema of it for the code and brings both together, which takes a fifth of a start and leaves the syntax tree in memory.
 */
@Injectable()
export class ShopDriver extends ApolloDriver {
  override async generateSchema(options: ApolloDriverConfig): Promise<GraphQLSchema> {
    const { resolversExplorerService, gqlSchemaBuilder } = this.graphQlFactory as unknown as Factory;
    const code = resolversExplorerService.explore();
    // That the schema is sound is what the test of `schema.gql` shows.
    const buildSchemaOptions = { ...options.buildSchemaOptions, skipCheck: true };
    const classes = resolversExplorerService.getAllCtors();
    const schema = await gqlSchemaBuilder.build(true, { ...options, buildSchemaOptions }, classes);
    putCode(schema, code);
    const whole = (await options.transformSchema?.(schema)) ?? schema;
    return lexicographicSortSchema(whole);
  }
}

function putCode(schema: GraphQLSchema, code: TypesCode): void {
  for (const [name, fields] of Object.entries(code)) {
    const type = schema.getType(name);
    // Types would not inherit the code of an interface.
    if (!isObjectType(type)) throw new Error(`There is code for ${name}, which is no object type.`);
    for (const [field, fieldCode] of Object.entries(fields)) putFieldCode(type, field, fieldCode);
  }
}

function putFieldCode(type: GraphQLObjectType, name: string, code: FieldCode): void {
  const field = type.getFields()[name];
  if (!field) throw new Error(`There is code for ${type.name}.${name}, which is no field.`);
  if (typeof code === 'function') field.resolve = code;
  else Object.assign(field, code);
}
