import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import type { Scope } from '../graphql/viewer-scope.js';
import { statementLog } from '../telemetry/statements.js';

/** A field of a shared execution has read more of the viewer than it declares: a fault of ours, never of a client. */
export class ScopeExceeded extends Error {
  constructor(what: string, scope: Scope) {
    super(`A field with the scope "${scope}" has read ${what}; declare a wider @ViewerScope.`);
    this.name = 'ScopeExceeded';
  }
}

/** Names everybody who may share executions of that scope. */
export function scopeKey(scope: Scope, viewer: Viewer | null): string {
  if (scope === 'public') return 'public';
  if (!viewer) return 'nobody';
  const roles = viewer.roles.toSorted().join(' ');
  return scope === 'role' ? `role ${roles}` : `user ${viewer.id} ${roles}`;
}

/** A context with nothing loaded, for one execution on behalf of everybody with the same `scopeKey`. */
export function sharedContext(scope: Scope, viewer: Viewer | null): ShopContext {
  const shared = scope === 'public' ? null : sharedViewer(scope, viewer);
  return {
    get viewer(): Viewer | null {
      if (scope === 'public') throw new ScopeExceeded('the viewer', scope);
      return shared;
    },
    get address(): string {
      throw new ScopeExceeded('the address of the client', scope);
    },
    tokenProblem: null,
    statements: statementLog(),
    startedAt: performance.now(),
  };
}

function sharedViewer(scope: Scope, viewer: Viewer | null): Viewer | null {
  if (!viewer) return null;
  const { id, roles } = viewer;
  return {
    roles,
    get id(): string {
      if (scope !== 'user') throw new ScopeExceeded('the id of the viewer', scope);
      return id;
    },
    get sessionId(): string {
      throw new ScopeExceeded('the session of the viewer', scope);
    },
    get expiresAt(): number {
      throw new ScopeExceeded('the expiry of the token', scope);
    },
  };
}
