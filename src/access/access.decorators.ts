import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { Extensions } from '@nestjs/graphql';
import type { GraphQLField } from 'graphql';
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
export function Public(): MethodDecorator {
  return ruled({ kind: 'public', ignoresToken: false });
}

/** Anybody may, whatever token is sent: for the fields that get a new one. */
export function PublicWithoutToken(): MethodDecorator {
  return applyDecorators(ruled({ kind: 'public', ignoresToken: true }), Extensions({ [IGNORES_TOKEN]: true }));
}

/** Signed-in viewers with one of the roles may; without roles, everybody who is signed in. */
export function Allow(...roles: Role[]): MethodDecorator {
  return ruled({ kind: 'roles', roles });
}

/**
 * Whoever the token was given to may, also when it has been revoked since: for a field that checks the password itself, and
 * whose repetition must be answered though it has ended the session.
 */
export function AllowRevoked(): MethodDecorator {
  return ruled({ kind: 'owner' });
}

/** Noted twice: for the guard, which sees the method, and in the schema, for what answers without calling the method. */
function ruled(rule: Rule): MethodDecorator {
  return applyDecorators(SetMetadata(RULE, rule), Extensions({ [RULE]: rule }));
}

/** The rule of a root field of the schema; `null` when it has none and is closed. */
export function ruleOf(field: GraphQLField<unknown, unknown> | undefined): Rule | null {
  return (field?.extensions[RULE] as Rule | undefined) ?? null;
}

/** Whether a rule lets a viewer in who sent no token, or a valid one. */
export function permits(rule: Rule | null, viewer: Viewer | null): boolean {
  if (rule === null) return false;
  if (rule.kind === 'public') return true;
  if (viewer === null) return false;
  return rule.kind === 'owner' || rule.roles.length === 0 || rule.roles.some((role) => viewer.roles.includes(role));
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
