import { fileURLToPath } from 'node:url';
import { plain, withoutNew } from '../content.ts';
import { ServerProcess } from '../server-process.ts';
import { accessToken, JWT_SECRET } from '../token.ts';
import type { AnyAsked, Kind } from '../work.ts';
import { LIST_INDEXES } from './limit-statements.ts';
import { EMAIL, pageVariables, POOL_SIZE, variablesOf } from './peer.ts';
import type { PagePlace, Peer, PeerStart, Variables, WireRequest } from './peer.ts';

const PROGRAM = fileURLToPath(new URL('limit-server.ts', import.meta.url));

/** What the works cost at least. */
export const LIMIT: Peer = {
  name: 'limit',
  title: 'the limit: node:http + pg, one statement',
  tables: LIST_INDEXES,
  start,
  requestOf,
  contentOf,
  endCursorOf: (answer) => (answer as { pageInfo: { endCursor: string | null } }).pageInfo.endCursor,
};

function start({ databaseUrl }: PeerStart): Promise<ServerProcess> {
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    POOL_SIZE: String(POOL_SIZE),
    JWT_SECRET,
  };
  return ServerProcess.start({ program: [PROGRAM], cwd: process.cwd(), env });
}

function requestOf(_: ServerProcess, any: AnyAsked, place: PagePlace): WireRequest {
  const token = 'userId' in any.asked ? accessToken(any.asked.userId) : undefined;
  const body = JSON.stringify(variablesOf(VARIABLES, any, place));
  return { path: `/${any.kind}`, body, ...(token !== undefined && { token }) };
}

const VARIABLES: Variables = {
  productPage: ({ slug }) => ({ slug }),
  categoryList: ({ categoryId }, place) => ({ ...pageVariables(place), categoryId }),
  deepList: (_, place) => pageVariables(place),
  skippedList: ({ position }, { first }) => ({ first, skip: position }),
  search: ({ word, minMinor, maxMinor }, { first }) => ({ first, word, min: minMinor, max: maxMinor }),
  myOrders: (_, { first }) => ({ first }),
  branch: ({ slug, position }, { first }) => ({ slug, first, skip: position }),
  order: ({ lines }) => ({ lines, email: EMAIL }),
};

function contentOf(kind: Kind, answer: unknown): unknown {
  if (answer === null || (answer as { error?: unknown }).error !== undefined) throw new Error(JSON.stringify(answer));
  const content = plain(answer);
  return kind === 'order' ? withoutNew(content) : content;
}
