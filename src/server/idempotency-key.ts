import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { OnceKey } from '../database/once.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** One request to make a change once. */
export interface KeyedChange {
  /** Secret of the server. */
  secret: string;
  /** Who asks; `null` for everybody who is not signed in, and for fields that do not look at that. */
  viewerId: string | null;
  /** As the client has sent it. */
  key: string;
  /** Name of the mutation. */
  field: string;
  /** As GraphQL has coerced them: the same whatever the order of fields, and with defaults filled in. */
  args: Readonly<Record<string, unknown>>;
}

/**
 * The key of a change. Fingerprint and answer are bound to the client's key and to the secret, so that a copy of the table
 * allows neither to read tokens nor to guess passwords. The name of the row is not: under another secret, old keys are
 * conflicts and not unknown.
 */
export function onceKeyOf({ secret, viewerId, key, field, args }: KeyedChange): OnceKey {
  // No key holds a NUL, so no two pairs read the same.
  const owner = `${viewerId ?? ''}\0${key}`;
  const derived = Buffer.from(hkdfSync('sha256', secret, owner, 'souk idempotency', 2 * KEY_BYTES));
  const sealing = derived.subarray(0, KEY_BYTES);
  const naming = derived.subarray(KEY_BYTES);
  return {
    hash: createHash('sha256').update(owner).digest(),
    fingerprint: createHmac('sha256', naming).update(canonical({ field, args })).digest(),
    seal: (answer) => seal(sealing, answer),
    open: (sealed) => open(sealing, sealed),
  };
}

/** JSON with the keys of all objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function seal(key: Buffer, answer: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const text = Buffer.concat([cipher.update(answer), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

function open(key: Buffer, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAuthTag(tag);
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}
