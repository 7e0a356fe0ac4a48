import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { REQUEST_ERROR_CODES } from '../errors/codes.js';
import type { FieldProblem } from '../errors/request-errors.js';
import { RequestError, ShopError } from '../errors/shop-error.js';

const logger = new Logger('GraphQL');
const CODES = new Set<string>(REQUEST_ERROR_CODES);
const MESSAGE_LENGTH = 500;
const WRONG_HASH = new Set(['provided sha does not match query', 'Unsupported persisted query version']);

/** Most errors in one answer: a list of thousands of wrong values needs no thousands of messages. */
export const ERRORS_SHOWN = 20;

/**
 * What a client sees of an error, over HTTP and WebSocket alike: message, place, `extensions.code` from the closed list
 * and `extensions.timestamp`. Anything unexpected is masked, and logged with a reference that the client is told.
 */
export function formatError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const { locations, path } = formatted;
  const { message, code, details } = describe(formatted, causeOf(error));
  return {
    message: message.slice(0, MESSAGE_LENGTH),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code, ...details, timestamp: new Date().toISOString() },
  };
}

/** What a client sees of the errors of one operation outside of Apollo Server: the first ones. */
export function formatErrors(errors: readonly GraphQLError[]): GraphQLFormattedError[] {
  return errors.slice(0, ERRORS_SHOWN).map((error) => formatError(error.toJSON(), error));
}

/** What was thrown, under the GraphQLErrors that were wrapped around it on the way. */
function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? causeOf(error.originalError) : error;
}

interface Described {
  message: string;
  code: string;
  details?: Readonly<Record<string, unknown>>;
}

function describe(formatted: GraphQLFormattedError, original: unknown): Described {
  if (original instanceof ShopError) {
    return {
      message: original.message,
      code: original.code,
      details: original instanceof RequestError ? original.details : {},
    };
  }
  const { message } = formatted;
  const coerced = /^Variable "\$(\w+)" /.exec(message);
  if (coerced) return { message, code: 'BAD_USER_INPUT', details: { fields: [fieldOf(message, coerced[1] ?? '')] } };
  // graphql-js gives up after 50 wrong values with an error that carries no code.
  if (message.startsWith('Too many errors processing variables')) return { message, code: 'BAD_USER_INPUT' };
  // Apollo Server gives these no code.
  if (WRONG_HASH.has(message)) return { message, code: 'BAD_REQUEST' };
  const code = formatted.extensions?.['code'];
  if (
    original instanceof GraphQLError &&
    typeof code === 'string' &&
    CODES.has(code) &&
    code !== 'INTERNAL_SERVER_ERROR'
  ) {
    return { message, code: code satisfies string };
  }
  const reference = randomUUID();
  logger.error(`${reference} ${original instanceof Error ? (original.stack ?? original.message) : String(original)}`);
  return { message: 'Something went wrong on our side.', code: 'INTERNAL_SERVER_ERROR', details: { reference } };
}

function fieldOf(message: string, variable: string): FieldProblem {
  const [, at] = /got invalid value [^]*? at "([^"]+)"; /.exec(message) ?? [];
  const [, reason] = /; ([^]*)$/.exec(message) ?? [];
  // graphql-js writes `variants[0].sku`, the validators `variants.0.sku`; one form is enough.
  const path = (at ?? variable).replace(/\[(\d+)\]/g, '.$1');
  return { path, message: (reason ?? message).slice(0, MESSAGE_LENGTH) };
}
