import { mock } from 'node:test';
import { JwtService } from '@nestjs/jwt';
import { readConfig } from '../config/config.js';
import { Authenticator } from './authenticator.js';
import { JwtStrategy } from './jwt.strategy.js';
import { Revocations } from './revocations.js';
import { Role } from './role.js';

const SECRET = 'a secret that only the tests know, 32+';
const USER = '0190b6a0-0000-7000-8000-000000000001';
const SESSION = '0190b6a0-0000-7000-8000-000000000002';
const config = readConfig({ NODE_ENV: 'test', JWT_SECRET: SECRET });

let revocations: Revocations;
let authenticator: Authenticator;

beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  revocations = new Revocations(config);
  authenticator = new Authenticator(new JwtStrategy(SECRET, config), revocations);
});

afterEach(() => mock.timers.reset());

/** An `Authorization` value. @param seconds until it ends */
function tokenFor(seconds: number, secret = SECRET): string {
  const { jwtIssuer: issuer, jwtAudience: audience } = config;
  const jwt = new JwtService({ secret });
  const claims = { sub: USER, sid: SESSION, roles: [Role.USER] };
  return `Bearer ${jwt.sign(claims, { algorithm: 'HS256', issuer, audience, expiresIn: seconds })}`;
}

/** Who is let in, and why not. */
async function asked(authorization: string): Promise<unknown[]> {
  const { viewer, tokenProblem } = await authenticator.authenticate(authorization);
  return [viewer?.id, tokenProblem?.message.includes('revoked')];
}

const LET_IN = [USER, undefined];
const ENDED = [undefined, false];
const REVOKED = [undefined, true];

it('lets a token in that is sent again until it ends, and not a second longer', async () => {
  const token = tokenFor(10);
  expect([await asked(token), await asked(token)]).toEqual([LET_IN, LET_IN]);
  mock.timers.tick(9_999);
  expect(await asked(token)).toEqual(LET_IN);
  mock.timers.tick(1);
  expect(await asked(token)).toEqual(ENDED);
});

it('refuses a token that was let in before when it has been revoked', async () => {
  const token = tokenFor(600);
  expect(await asked(token)).toEqual(LET_IN);
  revocations.endSessions(USER, [SESSION], new Date());
  expect(await asked(token)).toEqual(REVOKED);
});

it('does not take a forged token for one that is known', async () => {
  const token = tokenFor(600);
  expect(await asked(token)).toEqual(LET_IN);
  for (const other of [`${token}x`, token.slice(0, -2), tokenFor(601, 'another secret of 32 characters or more')]) {
    expect([await asked(other), await asked(other)]).toEqual([ENDED, ENDED]);
  }
});
