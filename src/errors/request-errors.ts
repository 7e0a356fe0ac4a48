import { RequestError } from './shop-error.js';

/** One wrong value: where it stands in the arguments, and what was expected. */
export interface FieldProblem {
  /** Dotted path from the argument on, such as `input.variants.0.sku`. */
  path: string;
  message: string;
}

/** Arguments that are well-formed GraphQL but not acceptable values. Nothing was done. */
export class BadUserInput extends RequestError {
  constructor(fields: readonly FieldProblem[]) {
    super('BAD_USER_INPUT', fields.map(({ path, message }) => `${path}: ${message}`).join('; '), { fields });
  }
}

/** Nobody is signed in, or the token is not valid (any more). */
export class Unauthenticated extends RequestError {
  constructor(message = 'Sign in first: send the header "Authorization: Bearer <access token>".') {
    super('UNAUTHENTICATED', message);
  }
}

/** Somebody is signed in who may not do this. */
export class Forbidden extends RequestError {
  constructor(message = 'You may not do this.') {
    super('FORBIDDEN', message);
  }
}

/** Too many attempts. `retryAfterSeconds` says when the next one counts again. */
export class RateLimited extends RequestError {
  constructor(retryAfterSeconds: number) {
    super('RATE_LIMITED', `Too many attempts. Try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
  }
}

/** The document asks for more than one request may cost, or nests too deeply. */
export class QueryTooComplex extends RequestError {
  constructor(message: string, figures: Readonly<Record<string, number>>) {
    super('QUERY_TOO_COMPLEX', message, figures);
  }
}

/** An idempotency key that was used for another operation or another input. Nothing was done. */
export class IdempotencyConflict extends RequestError {
  constructor() {
    super('IDEMPOTENCY_CONFLICT', 'This key was used for another change. Choose a new key for each change.');
  }
}

/** Something this server stands on does not answer now; the same request may succeed later. */
export class Unavailable extends RequestError {
  constructor(message = 'The shop is not reachable right now. Try again in a moment.') {
    super('UNAVAILABLE', message);
  }
}

/** A cursor that this list or stream did not make. */
export class CursorInvalid extends RequestError {
  constructor(message = 'This cursor does not belong to this list.') {
    super('CURSOR_INVALID', message);
  }
}

/** A stream position that is no longer kept: read the data afresh, then subscribe again. */
export class CursorExpired extends RequestError {
  constructor() {
    super(
      'CURSOR_EXPIRED',
      'Events after this cursor are no longer kept. Read the data afresh and subscribe from its liveCursor.',
    );
  }
}
