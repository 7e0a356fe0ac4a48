import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { AccessClaims } from '../access/jwt.strategy.js';
import { Config } from '../config/config.js';
import type { User } from '../users/user.type.js';

/** A signed access token and when it ends. */
export interface AccessToken {
  accessToken: string;
  expiresAt: Date;
}

/** Makes the access tokens that the room `access` reads. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly config: Config,
  ) {}

  /** A token with the user's roles as they are now. */
  issue(user: User, sessionId: string): AccessToken {
    const iat = Math.floor(Date.now() / 1_000);
    const exp = iat + this.config.accessTokenSeconds;
    const claims: AccessClaims = { sub: user.id, roles: user.roles, sid: sessionId, iat, exp };
    return { accessToken: this.jwt.sign(claims), expiresAt: new Date(exp * 1_000) };
  }
}
