import fastifyStatic from '@fastify/static';
import { getDistDirectory, renderAltair } from 'altair-static';
import type { FastifyInstance } from 'fastify';
import { GRAPHQL_PATH } from './paths.js';

/** Where the local IDE is. */
export const IDE_PATH = '/ide/';

/** What a newcomer sees first, in the IDE and in Apollo Sandbox. */
export const FIRST_QUERY = `# Welcome. Press the button above, then change what is asked.
query FirstProducts {
  products(first: 3, sort: { field: NAME, direction: ASC }) {
    totalCount
    nodes {
      name
      slug
      category { name }
      priceRange { min { amount currency } }
      variants { sku title price { amount } inStock }
    }
  }
}
`;

const FIRST_SUBSCRIPTION = `# Press the button above, then change a product in another window.
subscription ProductEvents {
  productEvents {
    type
    occurredAt
    cursor
    product { name slug status }
  }
}
`;

/**
 * Serves the Altair GraphQL client from the package, so that it works without internet.
 * Subscriptions use the WebSocket protocol of graphql-ws; set an Authorization header to sign in, for both transports.
 */
export async function serveIde(server: FastifyInstance): Promise<void> {
  const page = renderAltair({
    baseURL: IDE_PATH,
    endpointURL: GRAPHQL_PATH,
    subscriptionsEndpoint: GRAPHQL_PATH,
    initialSubscriptionRequestHandlerId: 'graphql-ws',
    disableAccount: true,
    initialWindows: [
      { initialName: 'First query', initialQuery: FIRST_QUERY, endpointURL: GRAPHQL_PATH },
      { initialName: 'Live', initialQuery: FIRST_SUBSCRIPTION, endpointURL: GRAPHQL_PATH },
    ],
  });
  server.get('/', (_request, reply) => reply.redirect(IDE_PATH));
  server.get('/ide', (_request, reply) => reply.redirect(IDE_PATH));
  server.get(IDE_PATH, (_request, reply) => reply.type('text/html').send(page));
  await server.register(fastifyStatic, { root: getDistDirectory(), prefix: IDE_PATH, index: false });
}
