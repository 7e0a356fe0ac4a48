import type { GraphQLSchema } from 'graphql';
import { IGNORES_TOKEN, tokenOwner } from '../access/access.decorators.js';
import { once } from '../database/once.js';
import type { ShopContext } from '../graphql/context.js';
import { keyIn } from '../operations/idempotent.js';
import { onceKeyOf } from './idempotency-key.js';
import { Turns } from './turns.js';

/**
 * Lets every mutation field that stands under `@idempotent` make its change once. What is kept is what the first transaction
 * has answered; the resolver around it runs each time, so a repetition passes the same checks of access and input.
 * @param secret of this server, by which answers are encrypted
 */
export function idempotentChanges(schema: GraphQLSchema, secret: string): GraphQLSchema {
  const turns = new Turns();
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const { resolve, name } = field;
    if (!resolve) continue;
    field.resolve = (source, args, context: ShopContext, info) => {
      const key = keyIn(info);
      if (key === null) return resolve(source, args, context, info);
      // A token may have ended between two attempts to get a new one.
      const viewerId = field.extensions[IGNORES_TOKEN] ? null : (tokenOwner(context)?.id ?? null);
      const onceKey = onceKeyOf({ secret, viewerId, key, field: name, args });
      return turns.take(onceKey.hash.toString('hex'), () =>
        once(onceKey, async () => resolve(source, args, context, info)),
      );
    };
  }
  return schema;
}
