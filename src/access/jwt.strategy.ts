import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { Config } from '../config/config.js';
import { Role } from './role.js';
import { SIGNING_SECRET, TOKEN_ALGORITHM } from './signing.js';
import type { Viewer } from './viewer.js';

/** What an access token says, beside the registered claims that passport-jwt checks (exp, iss, aud). */
export interface AccessClaims {
  sub: string;
  roles: Role[];
  /** Session id. */
  sid: string;
  /** When it was signed. */
  iat: number;
  exp: number;
}

const ROLES = new Set<string>(Object.values(Role));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Reads access tokens: one algorithm, one issuer, one audience, always an expiry.
 * @see RFC 8725, JSON Web Token Best Current Practices
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(
    @Inject(SIGNING_SECRET) secret: string,
    private readonly config: Config,
  ) {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      // The key is given per token, because only here the header can be seen: a "crit" that we do not know must be refused.
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: Error | null, key?: string) => void) =>
        namesCriticalExtensions(token) ? done(new Error('unknown critical extension')) : done(null, secret),
      algorithms: [TOKEN_ALGORITHM],
      issuer: config.jwtIssuer,
      audience: config.jwtAudience,
      ignoreExpiration: false,
      // Revocations are remembered for the lifetime that is set now; a token may have been signed under a longer one.
      jsonWebTokenOptions: { maxAge: config.accessTokenSeconds },
    });
  }

  /** The viewer that a genuine token names, or `false` when its claims are not of the shape that we sign. */
  validate(claims: Partial<AccessClaims>): Viewer | false {
    const { sub, roles, sid, iat, exp } = claims;
    if (typeof sub !== 'string' || !UUID.test(sub) || typeof sid !== 'string') return false;
    if (typeof iat !== 'number' || typeof exp !== 'number') return false;
    if (!Array.isArray(roles) || !roles.every((role) => ROLES.has(role))) return false;
    const expiresAt = Math.min(exp, iat + this.config.accessTokenSeconds);
    return { id: sub, roles, sessionId: sid, expiresAt };
  }
}

function namesCriticalExtensions(token: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
    return typeof header !== 'object' || header === null || 'crit' in header;
  } catch {
    return true;
  }
}
