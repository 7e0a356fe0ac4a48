import type { FastifyRequest } from 'fastify';
import type { PersistedDocuments } from './persisted-documents.js';

/** An operation as a client has sent it; nothing of it is checked. */
export interface SentOperation {
  query: string;
  operationName: unknown;
  variables: unknown;
  /** The hash that it was sent with. */
  hash: string | null;
}

const PREFLIGHT_HEADERS = ['apollo-require-preflight', 'x-apollo-operation-name'];

/**
 * What an HTTP request asks for; `null` when that is not plainly an operation: then Apollo Server has to say what is wrong.
 * By POST in the body, by GET in the address, as a text or by its hash.
 */
export function sentOperation(request: FastifyRequest, persisted: PersistedDocuments): SentOperation | null {
  if (request.method === 'GET') return inAddress(request, persisted);
  const { body } = request;
  if (typeof body !== 'object' || body === null) return null;
  if (!request.headers['content-type']?.startsWith('application/json')) return null;
  return operationOf(body, persisted);
}

function inAddress({ headers, query }: FastifyRequest, persisted: PersistedDocuments): SentOperation | null {
  const type = headers['content-type'];
  // A page of anybody can make its visitor's browser send anything else without being asked for CORS.
  if (type === undefined ? !PREFLIGHT_HEADERS.some((name) => headers[name]) : type !== 'application/json') return null;
  const { variables, extensions, ...named } = query as Record<string, unknown>;
  const [variablesRead, extensionsRead] = [parsed(variables), parsed(extensions)];
  if (variablesRead === null || extensionsRead === null) return null;
  return operationOf({ ...named, variables: variablesRead, extensions: extensionsRead }, persisted);
}

interface Fields {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
  extensions?: unknown;
}

function operationOf({ query, operationName, variables, extensions }: Fields, persisted: PersistedDocuments) {
  const hash = extensions == null ? null : hashIn(extensions);
  if (hash === undefined) return null;
  if (typeof query === 'string') return { query, operationName, variables, hash };
  const text = query === undefined && hash !== null ? persisted.find(hash) : null;
  return text === null ? null : { query: text, operationName, variables, hash };
}

/** The hash of a persisted document; `undefined` for other extensions. */
function hashIn(extensions: unknown): string | undefined {
  const keys = typeof extensions === 'object' && extensions !== null ? Object.keys(extensions) : [];
  const { persistedQuery: about } = extensions as { persistedQuery?: { version?: unknown; sha256Hash?: unknown } };
  if (keys.length !== 1 || about?.version !== 1 || typeof about.sha256Hash !== 'string') return undefined;
  return about.sha256Hash;
}

/** `undefined` when nothing was given, `null` when it is no object in JSON. */
function parsed(text: unknown): object | null | undefined {
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
