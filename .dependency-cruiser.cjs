/** The rooms of src/, from left to right: a room imports only rooms to its left. Changing this is a design decision. */
const ROOMS = [
  ['errors', 'money'],
  ['config'],
  ['telemetry'],
  ['embedded'],
  ['workers'],
  ['access', 'database'],
  ['events'],
  ['graphql'],
  ['operations'],
  ['live', 'plans'],
  ['answers'],
  ['server'],
  ['shop'],
  ['users'],
  ['categories'],
  ['stock'],
  ['products'],
  ['catalogue'],
  ['auth'],
  ['promotions'],
  ['pricing'],
  ['carts'],
  ['payments'],
  ['orders'],
  ['fulfillment'],
  ['returns'],
  ['checkout'],
  ['files'],
  ['jobs'],
  ['imports'],
  ['invoices'],
  ['scratch'],
  ['prove'],
];
/** Files directly in src/ put the rooms together; commands/ stands right of them. */
const COMPOSITION = ['app.module', 'entities', 'app'];
const DOMAIN = [
  'shop',
  'users',
  'categories',
  'stock',
  'products',
  'catalogue',
  'auth',
  'promotions',
  'pricing',
  'carts',
  'payments',
  'orders',
  'fulfillment',
  'returns',
  'checkout',
  'jobs',
  'imports',
  'invoices',
];
const OPEN_ROLES = 'module|service|type|loaders|events|errors|columns|inputs|bulk|rules|shape|kept';

const flat = ROOMS.flat();
const arrows = ROOMS.flatMap((group, place) =>
  group.map((room) => {
    const allowed = ROOMS.slice(0, place).flat();
    return {
      name: `room-${room}-imports-left-only`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [room, ...allowed].map((name) => `^src/${name}/`) },
    };
  }),
);
const privacy = DOMAIN.map((room) => ({
  name: `room-${room}-keeps-its-tables-private`,
  severity: 'error',
  from: { path: '^src/', pathNot: [`^src/${room}/`, `^src/(${COMPOSITION.join('|')})\\.ts$`] },
  to: { path: `^src/${room}/`, pathNot: `\\.(${OPEN_ROLES})\\.ts$` },
}));

module.exports = {
  forbidden: [
    ...arrows,
    ...privacy,
    {
      name: 'prove-asks-as-clients-do',
      severity: 'error',
      from: { path: '^src/(scratch|prove)/' },
      to: { path: `^src/(${DOMAIN.join('|')})/` },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-tests-in-the-server',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^test/' },
    },
    {
      name: 'no-unknown-room',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: [...flat, 'commands'].map((room) => `^src/${room}/`) },
      to: {},
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'node', 'types'] },
  },
};
