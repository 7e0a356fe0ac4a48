import { Injectable } from '@nestjs/common';
import passport from 'passport';
import { Unauthenticated } from '../errors/request-errors.js';
import type { AccessContext } from './access.decorators.js';
import { JwtStrategy } from './jwt.strategy.js';
import type { Viewer } from './viewer.js';

/** Finds out who asks, from an `Authorization` value that came with an HTTP request or a WebSocket's connection_init. */
@Injectable()
export class Authenticator {
  // Injected so that the strategy is registered with passport before the first request.
  constructor(private readonly strategy: JwtStrategy) {}

  /** No value is an anonymous viewer; a value that is not a valid bearer token is a problem for the guard to tell. */
  async authenticate(authorization: string | undefined): Promise<AccessContext> {
    if (authorization === undefined || authorization === '') return { viewer: null, tokenProblem: null };
    const viewer = await this.check(authorization);
    return viewer
      ? { viewer, tokenProblem: null }
      : {
          viewer: null,
          tokenProblem: new Unauthenticated(
            'The access token is not valid, or no longer: refresh the session or sign in.',
          ),
        };
  }

  private check(authorization: string): Promise<Viewer | null> {
    return new Promise((resolve) => {
      const done = (_error: unknown, viewer?: Viewer | false | null): void => resolve(viewer || null);
      passport.authenticate(this.strategy, { session: false }, done)({ headers: { authorization } }, {}, done);
    });
  }
}
