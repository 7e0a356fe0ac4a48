import { now } from './clock.ts';
import { PRODUCT_EVENTS } from './documents.ts';
import { told } from './gate.ts';
import { spreadOf, spreadText } from './latency.ts';
import type { LiveShop } from './live-shop.ts';
import { PlainSocket } from './plain-socket.ts';
import type { Scenario, Stage } from './stage.ts';

const AIM_MS = 1_000;
const PATIENCE_MS = 10_000;
const SPACING_MS = 50;
const TOKEN_REFUSED = 4403;

const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) { user { id } accessToken refreshToken userErrors { code } }
}`;

interface Session {
  user: { id: string };
  accessToken: string;
  refreshToken: string;
}

type Payload = Record<string, { userErrors: unknown[] }>;

/** A field that takes rights away, and its input. */
type Way = (session: Session) => [field: string, input: object];

const WAYS: Record<string, Way> = {
  disabled: ({ user }) => ['disableUser', { userId: user.id }],
  'signed out': ({ refreshToken }) => ['logout', { refreshToken }],
  'given other roles': ({ user }) => ['assignRoles', { userId: user.id, roles: ['USER', 'STAFF'] }],
};

/** Somebody with an open socket. */
interface Guest {
  session: Session;
  socket: PlainSocket;
}

/** How soon sockets are closed whose owners lose what their token says, at the server that is asked and at another one. */
export const revocation: Scenario = {
  name: 'revocation',
  title: 'two servers, tokens that are taken back',
  async run(stage) {
    const shop = await stage.shop({ servers: 2 });
    const admin = await shop.tokenOf('ADMIN');
    const count = stage.size(50, 10);
    const guests: Guest[] = [];
    for (let n = 0; n < count + shop.urls.length; n += 1) guests.push(await guest(shop, n));
    // One at each server keeps their rights.
    const [others, losers] = [guests.slice(count), guests.slice(0, count)];
    const ways = Object.values(WAYS);
    const times: number[] = [];
    for (const [n, loser] of losers.entries()) {
      times.push(await closedAfter(stage, shop, { loser, way: ways[n % ways.length] as Way, admin }));
      await stage.pause(SPACING_MS);
    }
    const untouched = others.filter(({ socket }) => socket.end === null).length;
    for (const { socket } of guests) socket.cut();
    return [
      {
        gate: `sockets of ${count} who are ${Object.keys(WAYS).join(', ')}: request -> close ${TOKEN_REFUSED}`,
        aim: '1 s',
        figure: `at most ${Math.max(...times).toFixed(0)} ms; ${untouched} of ${others.length} others stay`,
        passed: times.length === count && times.every((time) => time <= AIM_MS) && untouched === others.length,
      },
      told('the same: at the server that is asked', spreadText(spreadOf(times.filter((_, n) => n % 2 === 0)))),
      told('the same: at the other server', spreadText(spreadOf(times.filter((_, n) => n % 2 === 1)))),
    ];
  },
};

/** Makes an account with a socket that watches, at the servers by turns. */
async function guest(shop: LiveShop, number: number): Promise<Guest> {
  const { urls } = shop;
  const input = { email: `guest-${number}@bench.example`, name: 'Guest', password: 'correct horse battery' };
  const { data } = await shop.ask<{ data: { register: Session } }>(urls[0] ?? '', REGISTER, { input });
  const session = data.register;
  const socket = await PlainSocket.open(urls[number % urls.length] ?? '', session.accessToken);
  socket.subscribe('1', PRODUCT_EVENTS);
  return { session, socket };
}

interface Loss {
  loser: Guest;
  way: Way;
  admin: string;
}

/** Milliseconds from the request at the first server to the close; `Infinity` for another close or none in 10 s. */
async function closedAfter(stage: Stage, shop: LiveShop, { loser, way, admin }: Loss): Promise<number> {
  const { session, socket } = loser;
  const [field, input] = way(session);
  const type = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}Input`;
  const change = `mutation ($input: ${type}!) { ${field}(input: $input) { userErrors { code } } }`;
  const sentAt = now();
  const { data } = await shop.ask<{ data: Payload | null }>(shop.urls[0] ?? '', change, { input }, admin);
  if (data?.[field]?.userErrors.length !== 0) throw new Error(`${field} was refused: ${JSON.stringify(data)}`);
  while (socket.end === null && now() - sentAt < PATIENCE_MS) await stage.pause(1);
  return socket.end?.code === TOKEN_REFUSED ? socket.end.at - sentAt : Infinity;
}
