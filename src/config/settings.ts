import { isCurrencyCode } from '../money/currency.js';
import { choice, integer, integerOrAuto, optional, text } from './setting.js';

const isUrl = (protocols: readonly string[]) => (value: string) =>
  URL.canParse(value) && protocols.includes(new URL(value).protocol);

/** Every setting of the server, in the order of `.env.example`. The only list of environment variables. */
export const SETTINGS = {
  mode: choice(
    { env: 'NODE_ENV', about: 'production hides the IDE, introspection and demo accounts' },
    ['development', 'production', 'test'],
    () => 'development',
  ),
  host: text(
    { env: 'HOST', about: 'address to listen on', expects: 'an IP address or host name' },
    (value) => /^[\w.:-]+$/.test(value),
    (mode) => (mode === 'production' ? '0.0.0.0' : '127.0.0.1'),
  ),
  port: integer(
    { env: 'PORT', about: 'port to listen on; 0 takes a free one' },
    { min: 0, max: 65_535, fallback: 4000 },
  ),
  workers: integerOrAuto(
    { env: 'SOUK_WORKERS', about: 'processes that answer on the port; auto is one for each core' },
    { min: 1, max: 64, fallback: 1 },
  ),
  home: text(
    { env: 'SOUK_HOME', about: 'folder of the embedded database and of development secrets', expects: 'a path' },
    (value) => !value.includes('\0'),
    () => '.souk',
  ),
  databaseUrl: optional(
    text(
      {
        env: 'DATABASE_URL',
        about: 'PostgreSQL 18 or newer; without it the embedded one is started',
        expects: 'postgres://user:password@host:port/database',
        secret: true,
      },
      isUrl(['postgres:', 'postgresql:']),
      () => undefined,
    ),
  ),
  databasePoolSize: integer(
    {
      env: 'DATABASE_POOL_SIZE',
      about: 'most connections to PostgreSQL of one process, which has three more of its own',
    },
    { min: 2, max: 200, fallback: 10 },
  ),
  jwtSecret: optional(
    text(
      {
        env: 'JWT_SECRET',
        about: 'signs access tokens; needed in production, kept in SOUK_HOME otherwise',
        expects: 'at least 32 characters (for example from: openssl rand -base64 32)',
        secret: true,
      },
      (value) => value.length >= 32,
      () => undefined,
    ),
    (mode) => mode === 'production',
  ),
  jwtIssuer: text(
    { env: 'JWT_ISSUER', about: 'issuer that access tokens must name', expects: 'a non-empty text' },
    (value) => value.length > 0,
    () => 'souk',
  ),
  jwtAudience: text(
    { env: 'JWT_AUDIENCE', about: 'audience that access tokens must name', expects: 'a non-empty text' },
    (value) => value.length > 0,
    () => 'souk',
  ),
  accessTokenSeconds: integer(
    { env: 'ACCESS_TOKEN_SECONDS', about: 'life of an access token' },
    { min: 5, max: 86_400, fallback: 900 },
  ),
  refreshTokenDays: integer(
    { env: 'REFRESH_TOKEN_DAYS', about: 'life of a refresh token' },
    { min: 1, max: 365, fallback: 30 },
  ),
  signInAttemptsPerMinute: integer(
    {
      env: 'SIGN_IN_ATTEMPTS_PER_MINUTE',
      about: 'failed sign-ins, and registrations, allowed in a minute per address and per account',
    },
    { min: 1, max: 100_000, fallback: 20 },
  ),
  shopName: text(
    { env: 'SHOP_NAME', about: 'name of the shop, shown to clients', expects: '1 to 80 characters' },
    (value) => value.length <= 80,
    () => 'Souk',
  ),
  shopCurrency: text(
    { env: 'SHOP_CURRENCY', about: 'currency of all prices', expects: 'an ISO 4217 code such as EUR' },
    isCurrencyCode,
    () => 'GBP',
  ),
  paymentProviders: text(
    {
      env: 'PAYMENT_PROVIDERS',
      about:
        'payment providers that customers may choose, comma-separated; sandbox moves no money (default outside of production: manual,sandbox)',
      expects: 'names of providers such as manual,sandbox',
    },
    (value) => /^[a-z]+(,[a-z]+)*$/.test(value),
    (mode) => (mode === 'production' ? 'manual' : 'manual,sandbox'),
  ),
  paymentTimeoutSeconds: integer(
    { env: 'PAYMENT_TIMEOUT_SECONDS', about: 'longest wait for an answer of a payment provider' },
    { min: 1, max: 60, fallback: 10 },
  ),
  reservationMinutes: integer(
    { env: 'RESERVATION_MINUTES', about: 'how long the units of an order are kept while its payment is awaited' },
    { min: 1, max: 1_440, fallback: 15 },
  ),
  cartDays: integer(
    { env: 'CART_DAYS', about: 'how long a cart is kept after its last change' },
    { min: 1, max: 365, fallback: 30 },
  ),
  newCartsPerMinute: integer(
    { env: 'NEW_CARTS_PER_MINUTE', about: 'carts and guest orders that one address may make in a minute' },
    { min: 1, max: 1_000_000, fallback: 60 },
  ),
  couponAttemptsPerMinute: integer(
    { env: 'COUPON_ATTEMPTS_PER_MINUTE', about: 'refused coupons that one address may try in a minute' },
    { min: 1, max: 1_000_000, fallback: 20 },
  ),
  corsOrigins: text(
    {
      env: 'CORS_ORIGINS',
      about:
        'web origins that may call the API, comma-separated; * for all (default: * in development, none in production)',
      expects: '* or origins such as https://shop.example, comma-separated',
    },
    (value) =>
      value === '*' || value.split(',').every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
    (mode) => (mode === 'production' ? '' : '*'),
  ),
  redisUrl: optional(
    text(
      {
        env: 'REDIS_URL',
        about: 'Redis that wakes the other server processes when there are events; without it PostgreSQL does',
        expects: 'redis://user:password@host:port',
        secret: true,
      },
      isUrl(['redis:', 'rediss:']),
      () => undefined,
    ),
  ),
  eventDays: integer(
    { env: 'EVENT_DAYS', about: 'days that events are kept for those who come back with a cursor' },
    { min: 1, max: 90, fallback: 7 },
  ),
  sockets: integer(
    { env: 'SOCKETS', about: 'most open WebSockets and event streams of one process' },
    { min: 1, max: 1_000_000, fallback: 20_000 },
  ),
  socketsPerAddress: integer(
    { env: 'SOCKETS_PER_ADDRESS', about: 'most open WebSockets and event streams of one network address' },
    { min: 1, max: 1_000_000, fallback: 200 },
  ),
  socketsPerUser: integer(
    { env: 'SOCKETS_PER_USER', about: 'most open WebSockets and event streams of one account' },
    { min: 1, max: 1_000_000, fallback: 50 },
  ),
  subscriptionsPerSocket: integer(
    { env: 'SUBSCRIPTIONS_PER_SOCKET', about: 'most operations under way on one WebSocket' },
    { min: 1, max: 10_000, fallback: 50 },
  ),
  socketMessagesPerSecond: integer(
    { env: 'SOCKET_MESSAGES_PER_SECOND', about: 'messages that one WebSocket may send in a second, on average of ten' },
    { min: 1, max: 10_000, fallback: 20 },
  ),
  liveGroups: integer(
    { env: 'LIVE_GROUPS', about: 'most different live queries of one process; equal ones are executed once' },
    { min: 1, max: 1_000_000, fallback: 20_000 },
  ),
  liveGroupsPerAddress: integer(
    {
      env: 'LIVE_GROUPS_PER_ADDRESS',
      about: 'most of them that exist because of one address, an IPv6 network of 64 bits',
    },
    { min: 1, max: 1_000_000, fallback: 2_000 },
  ),
  trustedProxies: integer(
    { env: 'TRUSTED_PROXIES', about: 'reverse proxies in front of the server, for the address of a client' },
    { min: 0, max: 10, fallback: 0 },
  ),
  plannedQueries: choice(
    {
      env: 'PLANNED_QUERIES',
      about: 'on lets PostgreSQL make the whole answer of queries that can be written as one statement',
    },
    ['on', 'off'],
    () => 'on',
  ),
  answersKeptMb: integer(
    {
      env: 'ANSWERS_KEPT_MB',
      about:
        'megabytes for answers about the catalogue that are kept until something in them changes; 0 keeps none. Alike in all processes',
    },
    { min: 0, max: 65_536, fallback: 64 },
  ),
  answersMaxAge: integer(
    {
      env: 'ANSWERS_MAX_AGE',
      about: 'seconds for which browsers and CDNs may use an answer to a GET request without asking again',
    },
    { min: 0, max: 86_400, fallback: 0 },
  ),
  maxQueryCost: integer(
    { env: 'MAX_QUERY_COST', about: 'most objects one operation may ask for' },
    { min: 100, max: 1_000_000, fallback: 20_000 },
  ),
  maxQueryDepth: integer(
    { env: 'MAX_QUERY_DEPTH', about: 'deepest nesting of one operation' },
    { min: 5, max: 100, fallback: 15 },
  ),
  logLevel: choice(
    { env: 'LOG_LEVEL', about: 'least severe log line to print' },
    ['error', 'warn', 'info', 'debug'],
    (mode) => (mode === 'production' ? 'info' : 'warn'),
  ),
  demo: choice(
    { env: 'DEMO', about: 'import the demo catalogue and accounts on the first start; never in production' },
    ['on', 'off'],
    (mode) => (mode === 'development' ? 'on' : 'off'),
  ),
} as const;
