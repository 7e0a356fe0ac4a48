import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import { Extensions } from '@nestjs/graphql';
import type { Role } from './role.js';
import type { Viewer } from './viewer.js';

/** Who may use a root field. */
export type Rule =
  | { kind: 'public'; ignoresToken: boolean }
  /** Signed in, with at least one of the roles; an empty list accepts every account. */
  | { kind: 'roles'; roles: readonly Role[] }
  /** Signed in now, or until the token was revoked. */
  | { kind: 'owner' };

export const RULE = 'souk:access';

/** Name of the field extension of a root field that does not look at who is signed in. */
export const IGNORES_TOKEN = 'ignoresToken';

/** Anybody may. A token that is sent must still be valid, so that an expired session is told and never silently anonymous. */
export function Public(): CustomDecorator {
  return SetMetadata(RULE, { kind: 'public', ignoresToken: false } satisfies Rule);
}

/** Anybody may, whatever token is sent: for the fields that get a new one. */
export function PublicWithoutToken(): MethodDecorator {
  return applyDecorators(
    SetMetadata(RULE, { kind: 'public', ignoresToken: true } satisfies Rule),
    Extensions({ [IGNORES_TOKEN]: true }),
  );
}

/** Signed-in viewers with one of the roles may; without roles, everybody who is signed in. */
export function Allow(...roles: Role[]): CustomDecorator {
  return SetMetadata(RULE, { kind: 'roles', roles } satisfies Rule);
}

/**
 * Whoever the token was given to may, also when it has been revoked since: for a field that checks the password itself, and
 * whose repetition must be answered though it has ended the session.
 */
export function AllowRevoked(): CustomDecorator {
  return SetMetadata(RULE, { kind: 'owner' } satisfies Rule);
}

/** What the access room needs of a GraphQL context, over HTTP and WebSocket alike. */
export interface AccessContext {
  /** Who asks; `null` when nobody is signed in. */
  viewer: Viewer | null;
  /** A token was sent and is not valid. */
  tokenProblem: Error | null;
  /** Whose token was sent, when the problem is that it was revoked. */
  revoked?: Viewer;
}

/** The viewer, or `null` for anonymous fields: `@CurrentUser() viewer: Viewer`. */
export const CurrentUser = createParamDecorator((_: unknown, host: ExecutionContext): Viewer | null => {
  return contextOf(host).viewer;
});

/** Who asks a field that is open to revoked tokens too: `@TokenOwner() viewer: Viewer`. */
export const TokenOwner = createParamDecorator((_: unknown, host: ExecutionContext): Viewer | null => {
  return tokenOwner(contextOf(host));
});

/** Whose token was sent, also when it has been revoked; `null` for any other token, and for none. */
export function tokenOwner({ viewer, revoked }: AccessContext): Viewer | null {
  return viewer ?? revoked ?? null;
}

/** The GraphQL context of a root field's execution. */
export function contextOf(host: ExecutionContext): AccessContext {
  // (parent, args, context, info)
  return host.getArgByIndex<AccessContext>(2);
}
