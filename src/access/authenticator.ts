import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { Unauthenticated } from '../errors/request-errors.js';
import type { AccessContext } from './access.decorators.js';
import { JwtStrategy } from './jwt.strategy.js';
import { Revocations } from './revocations.js';
import type { Viewer } from './viewer.js';

/** Finds out who asks, from an `Authorization` value that came with an HTTP request or a WebSocket's connection_init. */
@Injectable()
export class Authenticator {
  constructor(
    // Injected so that the strategy is registered with passport before the first request.
    private readonly strategy: JwtStrategy,
    private readonly revocations: Revocations,
  ) {}

  /** No value is an anonymous viewer; a value that is not a valid bearer token is a problem for the guard to tell. */
  async authenticate(authorization: string | undefined): Promise<AccessContext> {
    if (authorization === undefined || authorization === '') return { viewer: null, tokenProblem: null };
    const viewer = await this.check(authorization);
    if (!viewer) return { viewer, tokenProblem: problem('is not valid, or no longer') };
    if (!this.revocations.holds(viewer)) {
      return { viewer: null, tokenProblem: problem('has been revoked'), revoked: viewer };
    }
    return { viewer, tokenProblem: null };
  }

  private check(authorization: string): Promise<Viewer | null> {
    return new Promise((resolve) => {
      const done = (_error: unknown, viewer?: Viewer | false | null): void => resolve(viewer || null);
      passport.authenticate(this.strategy, { session: false }, done)({ headers: { authorization } }, {}, done);
    });
  }
}

function problem(what: string): Unauthenticated {
  return new Unauthenticated(`The access token ${what}: refresh the session or sign in.`);
}
