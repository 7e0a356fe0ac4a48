import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

/** Options of graphql-ws: comes back whatever the reason, later and later, at most half a minute. */
export const patient = {
  retryAttempts: Infinity,
  shouldRetry: () => true,
  retryWait: (tries: number) =>
    new Promise<void>((done) => setTimeout(done, Math.random() * Math.min(30_000, 250 * 2 ** tries))),
};

/** Lets a subscription go on behind the last event that it has seen when the connection was lost meanwhile. */
export const resume = new ApolloLink((operation, forward) => {
  // The very object that graphql-ws sends again after it has reconnected.
  const variables = { ...operation.variables };
  operation.variables = variables;
  const remember = (event: { cursor?: string }) => {
    if (event.cursor) variables['after'] = event.cursor;
  };
  return forward(operation).pipe(tap(({ data }) => Object.values(data ?? {}).forEach(remember)));
});
