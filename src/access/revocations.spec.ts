import { mock } from 'node:test';
import { readConfig } from '../config/config.js';
import { Revocations } from './revocations.js';
import { Role } from './role.js';
import type { Viewer } from './viewer.js';

const LIFETIME = 900;
const LEEWAY = 60;
const START = Date.parse('2026-01-01T00:00:00Z');

let revocations: Revocations;

beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: START });
  revocations = new Revocations(readConfig({ NODE_ENV: 'test', ACCESS_TOKEN_SECONDS: String(LIFETIME) }));
});

afterEach(() => mock.timers.reset());

/** Somebody with a token that was signed just now. */
const ada = (traits: Partial<Viewer> = {}): Viewer => ({
  id: 'ada',
  roles: [Role.USER, Role.PREMIUM],
  sessionId: 'her session',
  expiresAt: Date.now() / 1_000 + LIFETIME,
  ...traits,
});
const now = (): Date => new Date();
const pass = (seconds: number): void => mock.timers.tick(seconds * 1_000);

describe('Revocations', () => {
  it('hold everything against nobody at first', () => {
    expect(revocations.holds(ada())).toBe(true);
    expect([revocations.size, revocations.seconds]).toEqual([0, LIFETIME + LEEWAY]);
  });

  it('refuse the tokens of a session that has ended, and no others', () => {
    revocations.endSessions('ada', ['her session', 'another one'], now());
    expect(revocations.holds(ada())).toBe(false);
    expect(revocations.holds(ada({ sessionId: 'another one' }))).toBe(false);
    expect(revocations.holds(ada({ sessionId: 'a third one' }))).toBe(true);
    expect(revocations.holds(ada({ id: 'bo', sessionId: 'his session' }))).toBe(true);
    expect(revocations.size).toBe(2);
  });

  it('refuse all roles but the newest, in whatever order', () => {
    revocations.rolesAre('ada', [Role.USER], now());
    expect(revocations.holds(ada())).toBe(false);
    expect(revocations.holds(ada({ roles: [Role.USER] }))).toBe(true);
    revocations.rolesAre('ada', [Role.PREMIUM, Role.USER], now());
    expect(revocations.holds(ada())).toBe(true);
    expect(revocations.holds(ada({ roles: [Role.USER] }))).toBe(false);
    expect(revocations.holds(ada({ id: 'bo', roles: [Role.ADMIN] }))).toBe(true);
    expect(revocations.size).toBe(1);
  });

  it('refuse an account while it is disabled, and remember its roles meanwhile', () => {
    revocations.rolesAre('ada', [Role.USER], now());
    revocations.disable('ada', now());
    expect(revocations.holds(ada({ roles: [Role.USER] }))).toBe(false);
    revocations.rolesAre('ada', [Role.STAFF], now());
    expect(revocations.holds(ada({ roles: [Role.STAFF] }))).toBe(false);
    revocations.enable('ada', now());
    expect(revocations.holds(ada({ roles: [Role.STAFF] }))).toBe(true);
    expect(revocations.holds(ada({ roles: [Role.USER] }))).toBe(false);
  });

  it('do not bring ended sessions back when an account is enabled', () => {
    revocations.disable('ada', now());
    revocations.endSessions('ada', ['her session'], now());
    revocations.enable('ada', now());
    expect(revocations.holds(ada())).toBe(false);
    expect(revocations.holds(ada({ sessionId: 'a new one' }))).toBe(true);
  });

  it('forget when every token that is concerned has ended', () => {
    const token = ada({ expiresAt: Infinity });
    revocations.endSessions('ada', ['her session'], now());
    pass(LIFETIME + LEEWAY - 1);
    expect(revocations.holds(token)).toBe(false);
    pass(1);
    expect(revocations.holds(token)).toBe(true);
    revocations.endSessions('bo', ['his session'], now());
    expect(revocations.size).toBe(1);
  });

  it('count from when it happened, and not from when they were told', () => {
    revocations.rolesAre('ada', [Role.USER], new Date(START - LIFETIME * 1_000));
    expect(revocations.holds(ada())).toBe(false);
    pass(LEEWAY);
    expect(revocations.holds(ada())).toBe(true);
  });

  it('remember an account anew with each change', () => {
    revocations.disable('ada', now());
    pass(LIFETIME);
    revocations.rolesAre('ada', [Role.USER], now());
    pass(LIFETIME);
    expect(revocations.holds(ada({ roles: [Role.USER] }))).toBe(false);
  });

  it('refuse all old tokens rather than to forget one of 100,001', () => {
    const old = ada({ sessionId: 'the first' });
    revocations.endSessions('ada', ['the first'], now());
    pass(2 * LEEWAY);
    revocations.endSessions(
      'bo',
      Array.from({ length: 99_999 }, (_, n) => `session ${n}`),
      now(),
    );
    const [asOld, fresh] = [{ ...old, sessionId: 'untouched' }, ada({ sessionId: 'untouched' })];
    expect([revocations.size, revocations.holds(old), revocations.holds(asOld)]).toEqual([100_000, false, true]);
    revocations.disable('cy', now());
    expect([revocations.size, revocations.holds(old), revocations.holds(asOld)]).toEqual([100_000, false, false]);
    expect(revocations.holds(fresh)).toBe(true);
    expect(revocations.holds({ ...fresh, id: 'cy' })).toBe(false);
    expect(revocations.holds({ ...fresh, sessionId: 'session 0' })).toBe(false);
  });

  it('tell who listens whose rights have changed, when they have', () => {
    const told: [string, boolean][] = [];
    const stop = revocations.onChange((userId) => told.push([userId, revocations.holds(ada())]));
    revocations.endSessions('ada', ['her session', 'another one'], now());
    revocations.rolesAre('bo', [Role.USER], now());
    revocations.disable('ada', now());
    revocations.enable('ada', now());
    stop();
    revocations.disable('ada', now());
    expect(told).toEqual([
      ['ada', false],
      ['bo', false],
      ['ada', false],
      ['ada', false],
    ]);
  });
});
