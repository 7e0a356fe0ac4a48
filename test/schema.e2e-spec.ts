import { readFileSync } from 'node:fs';
import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { ROOMS } from '../src/app.module.js';
import { RULE } from '../src/access/access.decorators.js';
import { REQUEST_ERROR_CODES } from '../src/errors/codes.js';
import { buildShopSchema, printShopSchema, resolversOf } from '../src/server/schema-print.js';

interface Described {
  name: string;
  description?: string | null | undefined;
}

type Named = [path: string, thing: Described];

/** Every named thing of the schema, with the path that leads to it. */
function everything(schema: GraphQLSchema): Named[] {
  const roots: unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return types.flatMap((type) => [...(roots.includes(type) ? [] : [[type.name, type] as Named]), ...partsOf(type)]);
}

function partsOf(type: GraphQLNamedType): Named[] {
  if (isEnumType(type)) return type.getValues().map((value) => [`${type.name}.${value.name}`, value]);
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field): Named[] => [
    [`${type.name}.${field.name}`, field],
    ...field.args.map((argument): Named => [`${type.name}.${field.name}(${argument.name})`, argument]),
  ]);
}

interface RootField {
  kind: string;
  name: string;
  method: (...args: never[]) => unknown;
  owner: object;
  key: string;
}

/** The methods behind all root fields. */
function rootFields(): RootField[] {
  return resolversOf(ROOMS).flatMap((resolver) => {
    const owner = resolver.prototype as Record<string, RootField['method']>;
    return Object.getOwnPropertyNames(owner).flatMap((key) => {
      const method = owner[key];
      const kind: unknown = method && Reflect.getMetadata('graphql:resolver_type', method);
      if (!method || !['Query', 'Mutation', 'Subscription'].includes(String(kind))) return [];
      const name = (Reflect.getMetadata('graphql:resolver_name', method) as string | undefined) ?? key;
      return [{ kind: String(kind), name, method, owner, key }];
    });
  });
}

describe('schema', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    schema = await buildShopSchema(ROOMS);
  });

  it('is what schema.gql says', async () => {
    expect(await printShopSchema(ROOMS)).toBe(readFileSync('schema.gql', 'utf8'));
  });

  it('describes every type, field, argument and value', () => {
    const silent = everything(schema)
      .filter(([, { description }]) => !description?.trim())
      .map(([path]) => path);
    expect(silent).toEqual([]);
  });

  it('gives every scalar of its own a specification', () => {
    const scalars = Object.values(schema.getTypeMap()).filter(
      (type) => isScalarType(type) && !isSpecifiedScalarType(type),
    );
    expect(scalars.filter((type) => isScalarType(type) && !type.specifiedByURL).map(String)).toEqual([]);
    expect(scalars.map(String).toSorted()).toEqual([
      'CountryCode',
      'CurrencyCode',
      'Cursor',
      'DateTime',
      'Decimal',
      'EmailAddress',
      'URL',
    ]);
  });

  it('says for every root field who may use it', () => {
    const fields = rootFields();
    const inSchema = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
      Object.keys(type?.getFields() ?? {}),
    );
    expect(fields.map(({ name }) => name).toSorted()).toEqual(inSchema.toSorted());
    const silent = fields
      .filter(({ method }) => Reflect.getMetadata(RULE, method) === undefined)
      .map(({ name }) => name);
    expect(silent).toEqual([]);
  });

  it('keeps changes away from anonymous visitors, but for signing in and buying as a guest', () => {
    const open = rootFields()
      .filter(
        ({ kind, method }) =>
          kind === 'Mutation' && (Reflect.getMetadata(RULE, method) as { kind: string }).kind === 'public',
      )
      .map(({ name }) => name);
    const signIn = ['login', 'logout', 'refreshSession', 'register'];
    const lines = ['addCartLines', 'removeCartLines', 'updateCartLines'];
    const terms = ['applyCoupon', 'removeCoupon', 'selectCartShipping', 'setCartAddresses', 'setCartCustomer'];
    const buying = ['createCart', 'placeOrder', 'startPayment'];
    expect(open.toSorted()).toEqual([...signIn, ...lines, ...terms, ...buying].toSorted());
  });

  it('validates every argument: each is a class of its own, which the validation can see', () => {
    let seen = 0;
    const unseen = rootFields().flatMap(({ owner, key, name }) => {
      const types = Reflect.getMetadata('design:paramtypes', owner, key) as (new () => object)[];
      const parameters = Reflect.getMetadata('__routeArguments__', owner.constructor, key) as Record<
        string,
        { index: number }
      >;
      // Nest numbers the kinds of decorated parameters; 3 is @Args().
      const args = Object.entries(parameters ?? {}).filter(([kind]) => kind.startsWith('3:'));
      seen += args.length > 0 ? 1 : 0;
      return args
        .filter(([, { index }]) => [Object, String, Array, undefined].includes(types[index] as never))
        .map(() => name);
    });
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const withArguments = roots
      .flatMap((type) => Object.values(type?.getFields() ?? {}))
      .filter(({ args }) => args.length > 0);
    expect(seen).toBe(withArguments.length);
    expect(unseen).toEqual([]);
  });

  it('has one input and one payload with userErrors for every mutation', () => {
    const odd = Object.values(schema.getMutationType()?.getFields() ?? {}).filter(
      ({ args, type }) =>
        args.map((argument) => argument.name).join() !== 'input' ||
        !String(type).endsWith('Payload!') ||
        !('userErrors' in (schema.getType(String(type).slice(0, -1)) as { getFields(): object }).getFields()),
    );
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('documents every code of a request error', () => {
    const documented = readFileSync('docs/ERRORS.md', 'utf8');
    expect(REQUEST_ERROR_CODES.filter((code) => !documented.includes(`\`${code}\``))).toEqual([]);
  });
});
