import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GRAPHQL_PATH } from '../graphql/paths.js';

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

const LIVE = `# Press the button above, then change a product in another tab.
subscription Live {
  productEvents {
    type
    occurredAt
    cursor
    product { name slug status }
    price { before { amount } after { amount } }
    stock { before after }
  }
}
`;

const SIGN_IN = `# Signs this window in: the token is then sent with every request and subscription.
mutation SignIn {
  login(input: { email: "admin@example.com", password: "admin123" }) {
    user { name roles }
    accessToken
    userErrors { code message }
  }
}
`;

const CHANGE = `# Sign in first (next tab). Watch the tab Live while you send it.
mutation AddProduct {
  createProduct(input: {
    name: "Brass lamp"
    variants: [{ sku: "LAMP-1", price: { amount: "39.90" }, stock: 12 }]
  }) {
    product { id slug inStock variants { sku price { amount currency } } }
    userErrors { code message field }
  }
}
`;

// Runs in the browser, after the answer of SIGN_IN.
const KEEP_TOKEN = `const { body } = altair.response;
const answer = typeof body === 'string' ? JSON.parse(body) : body;
const token = answer.data && answer.data.login && answer.data.login.accessToken;
if (token) altair.helpers.setEnvironment('authorization', 'Bearer ' + token, true);`;

/**
 * Serves the Altair GraphQL client from the package, so that it works without internet.
 * Subscriptions use the WebSocket protocol of graphql-ws. The environment variable `authorization` signs both transports in.
 */
export function serveIde(server: FastifyInstance): void {
  // Loaded when somebody opens the IDE first: it is half a megabyte of text, and a start has to be quick.
  let files: Promise<FastifyInstance> | null = null;
  server.get('/', (_request, reply) => reply.redirect(IDE_PATH));
  server.get('/ide', (_request, reply) => reply.redirect(IDE_PATH));
  server.get(IDE_PATH, async (request, reply) => reply.type('text/html').send(await pageFor(request)));
  server.get(`${IDE_PATH}*`, async (request, reply) => {
    files ??= openFiles();
    const served = await files;
    handOver(reply);
    served.routing(request.raw, reply.raw);
  });
}

/** A server of its own that never listens: after the start of a server nothing can be registered with it. */
async function openFiles(): Promise<FastifyInstance> {
  const [{ fastify }, { default: fastifyStatic }, { getDistDirectory }] = await Promise.all([
    import('fastify'),
    import('@fastify/static'),
    import('altair-static'),
  ]);
  const server = fastify();
  await server.register(fastifyStatic, { root: getDistDirectory(), prefix: IDE_PATH, index: false });
  await server.ready();
  return server;
}

/** Lets somebody else answer, with the headers that every answer has. */
function handOver(reply: FastifyReply): void {
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
  reply.hijack();
}

/** Altair wants whole addresses: those under which the browser has found the page. */
async function pageFor({ protocol, host }: FastifyRequest): Promise<string> {
  const { renderAltair } = await import('altair-static');
  const endpointURL = `${protocol}://${host}${GRAPHQL_PATH}`;
  const connection = {
    endpointURL,
    subscriptionsEndpoint: endpointURL.replace(/^http/, 'ws'),
    initialSubscriptionRequestHandlerId: 'graphql-ws' as const,
    initialSubscriptionsPayload: { Authorization: '{{authorization}}' },
    initialHeaders: { Authorization: '{{authorization}}' },
  };
  return renderAltair({
    ...connection,
    baseURL: IDE_PATH,
    initialEnvironments: {
      activeSubEnvironment: 'shop',
      subEnvironments: [{ id: 'shop', title: 'Shop', variables: { authorization: '' } }],
    },
    disableAccount: true,
    // The last one is the one that is open.
    initialWindows: [
      { ...connection, initialName: 'Sign in', initialQuery: SIGN_IN, initialPostRequestScript: KEEP_TOKEN },
      { ...connection, initialName: 'Change', initialQuery: CHANGE },
      { ...connection, initialName: 'Live', initialQuery: LIVE },
      { ...connection, initialName: 'First query', initialQuery: FIRST_QUERY },
    ],
  });
}
