/**
 * The limit: what the works cost with nothing between the wire and PostgreSQL. One prepared statement for each request makes the whole answer.
 * Settings: DATABASE_URL, POOL_SIZE, JWT_SECRET.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Kind } from '../work.ts';
import { LIMIT_STATEMENTS } from './limit-statements.ts';
import { ADDRESS } from './peer.ts';

const { DATABASE_URL, POOL_SIZE, JWT_SECRET = '' } = process.env;
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const NOT_NULL_VIOLATION = '23502';

interface Input {
  slug: string;
  categoryId: string;
  first: number;
  after?: string;
  skip: number;
  word: string;
  min: number;
  max: number;
  email: string;
  lines: { variantId: string; quantity: number }[];
}

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(POOL_SIZE) });
pool.on('error', () => undefined);

const PARAMETERS: Record<Kind, (input: Input, userId: string | null) => unknown[]> = {
  productPage: ({ slug }) => [slug],
  categoryList: ({ categoryId, after, first }) => [categoryId, ...cursorOf(after), first],
  deepList: ({ after, first }) => [...cursorOf(after), first],
  skippedList: ({ skip, first }) => [skip, first],
  search: ({ word, min, max, first }) => [`${word}:*`, min, max, first],
  myOrders: ({ first }, userId) => [userId, first],
  order: ({ lines, email }, userId) => [
    userId,
    lines.map(({ variantId }) => variantId),
    lines.map(({ quantity }) => quantity),
    email,
    ADDRESS,
  ],
  branch: ({ slug, skip, first }) => [slug, skip, first],
};

function cursorOf(after: string | undefined): [string, string] {
  const [at = 'infinity', id = LAST_ID] = after?.split('|') ?? [];
  return [at, id];
}

/** Who asks: the subject of a token whose signature and time are right; `null` without one. */
function userOf({ headers: { authorization } }: IncomingMessage): string | null {
  if (authorization === undefined) return null;
  const [head = '', body = '', signature = ''] = authorization.slice('Bearer '.length).split('.');
  const right = createHmac('sha256', JWT_SECRET).update(`${head}.${body}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Error('The token is forged.');
  const { sub, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { sub: string; exp: number };
  if (exp * 1_000 < Date.now()) throw new Error('The token is over.');
  return sub;
}

async function answer(request: IncomingMessage, body: string): Promise<string> {
  const kind = request.url?.slice(1) as Kind;
  const values = PARAMETERS[kind](JSON.parse(body) as Input, userOf(request));
  const { rows } = await pool.query<{ json: string }>({ name: kind, text: LIMIT_STATEMENTS[kind], values });
  return rows[0]?.json ?? 'null';
}

function send(response: ServerResponse, status: number, json: string): void {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
  response.writeHead(status, headers).end(json);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(request, Buffer.concat(chunks).toString()).then(
      (json) => send(response, 200, json),
      (error: { code?: string; message: string }) => {
        const refused = error.code === NOT_NULL_VIOLATION;
        send(response, refused ? 200 : 500, JSON.stringify({ error: refused ? 'OUT_OF_STOCK' : error.message }));
      },
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`));
