import type { GraphQLFormattedError } from 'graphql';

/** Errors of an operation, as the server answered them; `code` is that of the first. */
export class LiveError extends Error {
  readonly errors: readonly GraphQLFormattedError[];
  readonly code: unknown;

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
    this.code = errors[0]?.extensions?.['code'];
  }
}

/** Those of the errors that say that something could not be read now, and may be at the next try. */
export function unavailable(errors: readonly GraphQLFormattedError[] = []): GraphQLFormattedError[] {
  return errors.filter(({ extensions }) => extensions?.['code'] === 'UNAVAILABLE');
}
