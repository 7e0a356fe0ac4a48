import { ApolloLink, CombinedGraphQLErrors, gql, type ApolloClient, type TypedDocumentNode } from '@apollo/client';
import { Observable } from 'rxjs';
import type { LiveClient } from './live-client.js';
import { LiveError } from './live-error.js';

const LIVE_CURSOR: TypedDocumentNode<{ liveCursor: string }, Record<string, never>> = gql`
  query LiveCursor {
    liveCursor
  }
`;

/** Reads again what the pages show, and answers from where their subscriptions go on. */
export async function refetchShown(client: ApolloClient): Promise<string> {
  const { data } = await client.query({ query: LIVE_CURSOR, fetchPolicy: 'no-cache' });
  if (!data) throw new Error('The shop did not tell its liveCursor.');
  await client.refetchQueries({ include: 'active' });
  return data.liveCursor;
}

/**
 * A link for subscriptions that go on behind their last event. `refetch` is called when the events behind it are not there any more,
 * with the client that subscribes; by default all queries on show are sent again.
 */
export function liveLink(live: LiveClient, refetch = refetchShown): ApolloLink {
  return new ApolloLink(
    ({ query, variables, client }) =>
      new Observable((observer) =>
        live.subscribe<ApolloLink.Result['data'], Record<string, unknown>>(query, variables, {
          next: (data, { errors }) => observer.next({ data, errors }),
          error: (why) =>
            observer.error(why instanceof LiveError ? new CombinedGraphQLErrors({ errors: why.errors }) : why),
          complete: () => observer.complete(),
          cursorExpired: () => refetch(client),
        }),
      ),
  );
}
