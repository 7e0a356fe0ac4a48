import { createHmac } from 'node:crypto';

/** Signs the access tokens of a run, in all servers. */
export const JWT_SECRET = 'only for this measurement, more than 32 characters';
const SECONDS = 86_400;

/** An access token as the shop signs them. */
export function accessToken(userId: string): string {
  const iat = Math.floor(Date.now() / 1_000);
  // Nobody will refresh it, so there is no session.
  const claims = { sub: userId, roles: ['USER'], sid: userId, iss: 'souk', aud: 'souk', iat, exp: iat + SECONDS };
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => encode(JSON.stringify(part))).join('.');
  return `${text}.${createHmac('sha256', JWT_SECRET).update(text).digest('base64url')}`;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
