import type { GraphQLSchema } from 'graphql';
import { forgetLoaded } from './batch-loader.js';
import type { ShopContext } from './context.js';

/** Lets every mutation field of a document begin with nothing loaded: the fields before it have changed things. */
export function freshChanges(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = (source, args, context: ShopContext, info) => {
      forgetLoaded(context);
      return resolve(source, args, context, info);
    };
  }
  return schema;
}
