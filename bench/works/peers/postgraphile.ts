import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../server-process.ts';
import { accessToken, JWT_SECRET } from '../token.ts';
import type { AnyAsked } from '../work.ts';
import { ADDRESS, EMAIL, pageVariables, POOL_SIZE, variablesOf } from './peer.ts';
import type { PagePlace, Peer, PeerStart, Variables, WireRequest } from './peer.ts';
import { postgraphileContent } from './postgraphile-content.ts';
import { POSTGRAPHILE_DOCUMENTS } from './postgraphile-documents.ts';
import { POSTGRAPHILE_TABLES } from './postgraphile-tables.ts';

const PROGRAM = fileURLToPath(new URL('postgraphile-server.ts', import.meta.url));

/** The fastest server that we know of with a GraphQL API of its own making. @param folder where it is installed */
export function postgraphile(folder: string): Peer {
  return {
    name: 'postgraphile',
    title: 'PostGraphile 5',
    tables: POSTGRAPHILE_TABLES,
    start: (start) => startPostgraphile(folder, start),
    requestOf,
    contentOf: postgraphileContent,
    endCursorOf: (answer) => (answer as Page).data.answer.pageInfo.endCursor,
  };
}

interface Page {
  data: { answer: { pageInfo: { endCursor: string | null } } };
}

function startPostgraphile(folder: string, { databaseUrl }: PeerStart): Promise<ServerProcess> {
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    GRAPHILE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    POOL_SIZE: String(POOL_SIZE),
    JWT_SECRET,
  };
  return ServerProcess.start({ program: [PROGRAM, folder], cwd: folder, env });
}

function requestOf({ path }: ServerProcess, any: AnyAsked, place: PagePlace): WireRequest {
  const token = 'userId' in any.asked ? accessToken(any.asked.userId) : undefined;
  const body = JSON.stringify({
    query: POSTGRAPHILE_DOCUMENTS[any.kind],
    variables: variablesOf(VARIABLES, any, place),
  });
  return { path, body, ...(token !== undefined && { token }) };
}

const VARIABLES: Variables = {
  productPage: ({ slug }) => ({ slug }),
  categoryList: ({ categoryId }, place) => ({ ...pageVariables(place), categoryId }),
  deepList: (_, place) => pageVariables(place),
  skippedList: ({ position }, { first }) => ({ first, offset: position }),
  search: ({ word, minMinor, maxMinor }, { first }) => ({ first, word, min: String(minMinor), max: String(maxMinor) }),
  myOrders: () => ({}),
  branch: ({ slug, position }, { first }) => ({ slug, first, offset: position }),
  order: ({ lines }) => {
    const lineVariants = lines.map(({ variantId }) => variantId);
    const lineQuantities = lines.map(({ quantity }) => quantity);
    return { input: { lineVariants, lineQuantities, toEmail: EMAIL, toAddress: ADDRESS } };
  },
};
