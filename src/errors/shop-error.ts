import type { RequestErrorCode, UserErrorCode } from './codes.js';

/** An error that a client may read: its message and code are written for the outside. */
export abstract class ShopError extends Error {
  abstract readonly code: RequestErrorCode | UserErrorCode;
}

/**
 * The shop understood and says no. Thrown by services, rolls the transaction back,
 * and reaches the client as one entry of the payload's `userErrors`.
 */
export class Refusal extends ShopError {
  /** Further fields of the payload, such as the total that the client did not expect. */
  readonly shows: Readonly<Record<string, unknown>> = {};

  /** @param field path of the input field at fault, from the mutation's argument on, such as `['input', 'slug']` */
  constructor(
    readonly code: UserErrorCode,
    message: string,
    readonly field: readonly string[] | null = null,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** The request could not be served at all. Reaches the client as a top-level GraphQL error with `extensions.code`. */
export class RequestError extends ShopError {
  /** @param details further `extensions`, such as `fields` or `retryAfterSeconds` */
  constructor(
    readonly code: RequestErrorCode,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = new.target.name;
  }
}
