import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { ScopeExceeded, scopeKey, sharedContext } from './shared-context.js';

const ada: Viewer = { id: 'ada', roles: [Role.STAFF, Role.USER], sessionId: 's', expiresAt: 1 };
const bob: Viewer = { ...ada, id: 'bob', roles: [Role.USER, Role.STAFF], sessionId: 't', expiresAt: 2 };

describe('a shared context', () => {
  it('shows nothing of the viewer when it is public', () => {
    const context = sharedContext('public', ada);
    expect(() => context.viewer).toThrow(ScopeExceeded);
    expect(() => context.address).toThrow('has read the address of the client; declare a wider @ViewerScope.');
    expect(context.tokenProblem).toBeNull();
  });

  it('shows the roles alone, or the id as well, and never what differs from token to token', () => {
    const role = sharedContext('role', ada).viewer;
    expect(role?.roles).toEqual([Role.STAFF, Role.USER]);
    for (const name of ['id', 'sessionId', 'expiresAt'] as const) expect(() => role?.[name]).toThrow(ScopeExceeded);
    const user = sharedContext('user', ada).viewer;
    expect([user?.id, user?.roles]).toEqual(['ada', [Role.STAFF, Role.USER]]);
    for (const name of ['sessionId', 'expiresAt'] as const) expect(() => user?.[name]).toThrow(ScopeExceeded);
    expect(() => sharedContext('user', ada).address).toThrow(ScopeExceeded);
  });

  it('has no viewer for somebody who is not signed in', () => {
    for (const scope of ['role', 'user'] as const) expect(sharedContext(scope, null).viewer).toBeNull();
  });

  it('is another for each execution', () => {
    expect(sharedContext('role', ada).statements).toEqual({ count: 0, names: [] });
    expect(sharedContext('role', ada).statements).not.toBe(sharedContext('role', ada).statements);
  });
});

describe('scopeKey', () => {
  it('tells apart whom the scope tells apart, whatever the order of the roles', () => {
    const customer = { ...ada, roles: [Role.USER] };
    const keys = (scope: 'public' | 'role' | 'user'): number =>
      new Set([ada, bob, customer, null].map((viewer) => scopeKey(scope, viewer))).size;
    expect([keys('public'), keys('role'), keys('user')]).toEqual([1, 3, 4]);
    expect(scopeKey('role', ada)).toBe(scopeKey('role', bob));
    expect(scopeKey('user', ada)).toBe(scopeKey('user', { ...ada, sessionId: 'another', expiresAt: 9 }));
    expect(scopeKey('user', ada)).not.toBe(scopeKey('user', { ...ada, roles: [] }));
  });

  it('knows nobody from somebody without roles', () => {
    expect(scopeKey('role', null)).not.toBe(scopeKey('role', { ...ada, roles: [] }));
  });
});
