import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import passport from 'passport';
import { Unauthenticated } from '../errors/request-errors.js';
import type { AccessContext } from './access.decorators.js';
import { JwtStrategy } from './jwt.strategy.js';
import { Revocations } from './revocations.js';
import type { Viewer } from './viewer.js';

/** Of tokens that are kept: some 10,000 of them. */
const CHARACTERS_KEPT = 4_000_000;

/** Finds out who asks, from an `Authorization` value that came with an HTTP request or a WebSocket's connection_init. */
@Injectable()
export class Authenticator {
  // Of genuine tokens only, so that nobody fills it without signing in. Whether a token still holds is asked each time.
  private readonly genuine = new LRUCache<string, Viewer>({
    maxSize: CHARACTERS_KEPT,
    sizeCalculation: (_, authorization) => authorization.length,
  });

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

  private async check(authorization: string): Promise<Viewer | null> {
    const known = this.genuine.get(authorization);
    if (known && Math.floor(Date.now() / 1_000) < known.expiresAt) return known;
    const viewer = await this.verify(authorization);
    if (viewer) this.genuine.set(authorization, viewer);
    return viewer;
  }

  private verify(authorization: string): Promise<Viewer | null> {
    return new Promise((resolve) => {
      const done = (_error: unknown, viewer?: Viewer | false | null): void => resolve(viewer || null);
      passport.authenticate(this.strategy, { session: false }, done)({ headers: { authorization } }, {}, done);
    });
  }
}

function problem(what: string): Unauthenticated {
  return new Unauthenticated(`The access token ${what}: refresh the session or sign in.`);
}
