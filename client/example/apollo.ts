import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { OperationTypeNode } from 'graphql';
import { liveLink } from '../live/apollo-link.js';
import { createLiveClient } from '../live/live-client.js';

/** Answers an access token that still holds, or null when nobody is signed in; a new one when the last one was refused. */
type AccessToken = (how: { fresh: boolean }) => Promise<string | null>;

/** A client of the shop at a URL. */
export function createShopClient(url: string, accessToken: AccessToken): ApolloClient {
  const signed = new SetContextLink(async () => {
    const token = await accessToken({ fresh: false });
    return { headers: token === null ? {} : { authorization: `Bearer ${token}` } };
  });
  const asked = ApolloLink.from([signed, new HttpLink({ uri: url })]);
  const live = liveLink(createLiveClient({ url, accessToken }));
  return new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, live, asked),
  });
}
