import { createHash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** What the client keeps, and what the database keeps of it. */
export interface RefreshToken {
  token: string;
  hash: Buffer;
}

/** A new token, 43 characters. */
export function newRefreshToken(): RefreshToken {
  const token = randomBytes(BYTES).toString('base64url');
  return { token, hash: refreshTokenHash(token) };
}

/** SHA-256 is enough here, unlike for passwords: nobody can try 2^256 tokens. */
export function refreshTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
