import { plain, withoutNew } from '../content.ts';
import type { Program } from '../program.ts';
import { ServerProcess } from '../server-process.ts';
import { accessToken, JWT_SECRET } from '../token.ts';
import type { AnyAsked, Kind } from '../work.ts';
import { ADDRESS, EMAIL, pageVariables, POOL_SIZE, variablesOf } from './peer.ts';
import type { PagePlace, Peer, PeerStart, Variables, WireRequest } from './peer.ts';
import { SOUK_DOCUMENTS } from './souk-documents.ts';

// How much memory answers may take that are kept, in MB; 0 keeps none.
const KEPT_SETTING = 'ANSWERS_KEPT_MB';
const KEPT_MB = '64';
const NO_LIMIT = '1000000';

/** The shop, as it is built. */
export function souk(program: Program): Peer {
  return {
    name: 'souk',
    title: 'Souk',
    tables: [],
    start: (start) => startSouk(program, start),
    requestOf,
    contentOf,
    endCursorOf: (answer) => (answer as { data: { products: ProductPage } }).data.products.pageInfo.endCursor,
  };
}

interface ProductPage {
  pageInfo: { endCursor: string | null };
}

/** Starts the program as in production, without the limits that would keep many clients of one address out. */
export function startSouk(program: Program, { databaseUrl, kept }: PeerStart): Promise<ServerProcess> {
  return ServerProcess.start({
    program: ['bin/souk.js', 'start'],
    cwd: program.folder,
    env: { ...soukSettings(program), DATABASE_URL: databaseUrl, [KEPT_SETTING]: kept ? KEPT_MB : '0' },
  });
}

/** Whether this build can keep answers. Without it the works of kept answers are left out. */
export function keepsAnswers({ settings: { SETTINGS } }: Program): boolean {
  return Object.values(SETTINGS).some(({ env }) => env === KEPT_SETTING);
}

/** Settings of a server but for its database; nothing that somebody has set for a shop of theirs takes part. */
export function soukSettings({ settings: { SETTINGS } }: Program): NodeJS.ProcessEnv {
  const names = Object.values(SETTINGS).map(({ env }): string => env);
  const others = Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)));
  const limits = names.filter((name) => name.endsWith('_PER_MINUTE'));
  return {
    ...others,
    ...Object.fromEntries(limits.map((name) => [name, name === 'SIGN_IN_ATTEMPTS_PER_MINUTE' ? '100000' : NO_LIMIT])),
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_POOL_SIZE: String(POOL_SIZE),
    JWT_SECRET,
    // As many processes as the others have.
    SOUK_WORKERS: '1',
  };
}

function requestOf({ path }: ServerProcess, any: AnyAsked, place: PagePlace): WireRequest {
  const token = 'userId' in any.asked ? accessToken(any.asked.userId) : undefined;
  const body = JSON.stringify({ query: SOUK_DOCUMENTS[any.kind], variables: variablesOf(VARIABLES, any, place) });
  return { path, body, ...(token !== undefined && { token }) };
}

const VARIABLES: Variables = {
  productPage: ({ slug }) => ({ slug }),
  categoryList: ({ categoryId }, place) => ({ ...pageVariables(place), categoryId: globalId('category', categoryId) }),
  deepList: (_, place) => pageVariables(place),
  skippedList: ({ position }, { first }) => ({ first, skip: position }),
  search: ({ word, minMinor, maxMinor }, { first }) => {
    const price = { min: amountOf(minMinor), max: amountOf(maxMinor) };
    return { text: word, first, filter: { price }, sort: { field: 'PRICE', direction: 'ASC' } };
  },
  myOrders: () => ({}),
  branch: ({ slug, position }, { first }) => ({ slug, first, skip: position }),
  order: ({ lines }) => {
    const wanted = lines.map((line) => ({ ...line, variantId: globalId('variant', line.variantId) }));
    const terms = { shippingAddress: ADDRESS, shippingMethod: 'standard', payment: { method: 'manual' } };
    return { input: { lines: wanted, email: EMAIL, ...terms } };
  },
};

function contentOf(kind: Kind, answer: unknown): unknown {
  const { data, errors } = answer as { data?: Record<string, { userErrors?: unknown[] } | null>; errors?: unknown };
  const [root] = Object.values(data ?? {});
  if (errors !== undefined || !root || root.userErrors?.length) throw new Error(JSON.stringify(answer));
  const content = plain(root);
  return kind === 'order' ? withoutNew(content) : content;
}

function globalId(type: string, uuid: string): string {
  return `${type}_${uuid.replaceAll('-', '')}`;
}

function amountOf(minor: number): string {
  return (minor / 100).toFixed(2);
}
