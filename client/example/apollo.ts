import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { patient, resume } from './reconnect.js';

/** A client of the shop at a URL; `accessToken` answers one that still holds, or null when nobody is signed in. */
export function createShopClient(url: string, accessToken: () => Promise<string | null>): ApolloClient {
  const authorization = async () => {
    const token = await accessToken();
    return token === null ? {} : { authorization: `Bearer ${token}` };
  };
  const signed = new SetContextLink(async () => ({ headers: await authorization() }));
  const socket = createClient({ url: url.replace(/^http/, 'ws'), connectionParams: authorization, ...patient });
  const asked = ApolloLink.from([signed, new HttpLink({ uri: url })]);
  const live = ApolloLink.from([resume, new GraphQLWsLink(socket)]);
  return new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, live, asked),
  });
}
