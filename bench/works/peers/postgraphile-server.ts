/**
 * PostGraphile 5 as its guides set it up for production: Amber preset, simplified names, Grafserv on node:http, the user in pgSettings.
 * Argument: the folder that it is installed in. Settings: DATABASE_URL, POOL_SIZE, JWT_SECRET.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const [, , folder = ''] = process.argv;
const { DATABASE_URL, POOL_SIZE, JWT_SECRET } = process.env;
const load = createRequire(join(folder, 'package.json'));

/** What is used of modules whose types are not installed here. */
interface Modules {
  postgraphile(preset: object): {
    createServ(grafserv: unknown): { addTo(server: object): Promise<void>; ready(): Promise<void> };
  };
  grafserv: unknown;
  makePgService(options: object): object;
  PostGraphileAmberPreset: object;
  PgSimplifyInflectionPreset: object;
  verify(token: string, secret: string | undefined, options: object): { sub: string };
}

const from = <Name extends keyof Modules>(module: string, name: Name): Modules[Name] => (load(module) as Modules)[name];

const verify = from('jsonwebtoken', 'verify');

interface RequestContext {
  node?: { req?: { headers: { authorization?: string } } };
}

/** Who asks, for the functions of the database. */
function context({ node }: RequestContext): object {
  const authorization = node?.req?.headers.authorization;
  if (authorization === undefined) return {};
  const token = authorization.slice('Bearer '.length);
  const { sub } = verify(token, JWT_SECRET, { algorithms: ['HS256'], audience: 'souk', issuer: 'souk' });
  return { pgSettings: { 'jwt.claims.user_id': sub } };
}

const preset = {
  extends: [
    from('postgraphile/presets/amber', 'PostGraphileAmberPreset'),
    from('@graphile/simplify-inflection', 'PgSimplifyInflectionPreset'),
  ],
  pgServices: [
    from(
      'postgraphile/adaptors/pg',
      'makePgService',
    )({ connectionString: DATABASE_URL, schemas: ['public'], poolConfig: { max: Number(POOL_SIZE) } }),
  ],
  grafast: { context, explain: false },
  grafserv: { graphiql: false, websockets: false, watch: false },
};

const server = createServer();
server.keepAliveTimeout = 60_000;
const serv = from('postgraphile', 'postgraphile')(preset).createServ(from('postgraphile/grafserv/node', 'grafserv'));
await serv.addTo(server);
await serv.ready();
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`));
