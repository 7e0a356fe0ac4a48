import { createHmac } from 'node:crypto';
import type { Config } from '../config/config.js';

/** An access token as the shop signs them, for an account of the scratch shop: its secret is ours. */
export function accessToken(config: Config, account: { id: string; roles: readonly string[] }): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = {
    sub: account.id,
    roles: account.roles,
    // Nobody will refresh it, so there is no session.
    sid: account.id,
    iss: config.jwtIssuer,
    aud: config.jwtAudience,
    iat,
    exp: iat + config.accessTokenSeconds,
  };
  const text = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) => encode(JSON.stringify(part))).join('.');
  return `${text}.${createHmac('sha256', config.jwtSecret ?? '')
    .update(text)
    .digest('base64url')}`;
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}
