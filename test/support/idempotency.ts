import { randomUUID } from 'node:crypto';
import type { Account } from './accounts.js';
import type { Answer, Shop } from './shop.js';

/** A mutation with one field on `$input`, put under `@idempotent(key: $key)`. */
export function keyed(document: string): string {
  return document
    .replace('($input:', '($key: String!, $input:')
    .replace('(input: $input)', '(input: $input) @idempotent(key: $key)');
}

/** Sends a mutation under a key, a new one when none is given. */
export function sendKeyed(
  shop: Pick<Shop, 'send'>,
  document: string,
  { input, by, key = randomUUID() }: { input: object; by?: Pick<Account, 'token'> | undefined; key?: string },
): Promise<Answer> {
  return shop.send(keyed(document), { key, input }, by?.token);
}

/** How many keys the shop remembers. */
export async function countKeys(shop: Shop): Promise<number> {
  const [row] = await shop.database.query<{ n: number }>('test.keys', 'SELECT count(*) AS n FROM idempotency_keys');
  return row?.n ?? -1;
}
