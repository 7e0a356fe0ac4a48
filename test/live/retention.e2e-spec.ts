import { Role } from '../../src/access/role.js';
import { EventDays } from '../../src/events/event-days.js';
import { EventsQueries } from '../../src/events/events.queries.js';
import { Sequencer } from '../../src/events/sequencer.js';
import { OwnConnection } from '../../src/database/own-connection.js';
import { Config } from '../../src/config/config.js';
import { signUp } from '../support/accounts.js';
import { aVariant, makeProduct } from '../support/catalogue.js';
import { anotherServer, LiveClient, settled, until } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const EVENTS = `subscription ($after: Cursor) { productEvents(after: $after) { cursor } }`;

let shop: Shop;
let connection: OwnConnection;
let log: EventDays;

beforeAll(async () => {
  shop = await startShop();
  connection = await OwnConnection.open(shop.app.get(Config, { strict: false }).databaseUrl ?? '', { name: 'test' });
  log = new EventDays(shop.database, new EventsQueries(), 7);
});

afterAll(async () => {
  await connection?.close();
  await shop?.close();
});

/** The days that have a partition, as days from today; oldest first. */
async function days(): Promise<number[]> {
  const rows = await shop.database.query<{ day: number }>(
    'test.days',
    `SELECT to_date(right(c.relname, 8), 'YYYYMMDD') - (now() AT TIME ZONE 'UTC')::date AS day
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'event_log'::regclass ORDER BY 1`,
  );
  return rows.map(({ day }) => day);
}

/** The partition of a day. @param day counted from today */
const tableOf = (day: number): string =>
  `event_log_${new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** Lets a number of days pass for everything that the log holds. */
async function age(byDays: number): Promise<void> {
  await connection.script(`
    DO $$ DECLARE day date := (now() AT TIME ZONE 'UTC')::date - ${byDays}; BEGIN
      EXECUTE format('CREATE TABLE event_log_%s PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)',
        to_char(day, 'YYYYMMDD'), day, day + 1);
      EXECUTE format('UPDATE event_log SET day = %L', day);
    END $$`);
}

it('keeps a partition for each day, makes the next ones early and drops old ones with all their events', async () => {
  await until('the partitions are made', async () => (await days()).length === 3);
  expect(await days()).toEqual([0, 1, 2]);
  const staff = await signUp(shop, { roles: [Role.STAFF] });
  await makeProduct(shop, staff, { name: 'Old', variants: [aVariant()] });
  await settled(shop);
  const before = (await shop.send('{ liveCursor }')).data['liveCursor'];
  await makeProduct(shop, staff, { name: 'Old too', variants: [aVariant()] });
  await settled(shop);
  await age(7);
  await log.keep();
  expect(await days()).toEqual([-7, 0, 1, 2]);
  await age(8);
  await connection.script(`DROP TABLE ${tableOf(2)}`);
  await log.keep();
  expect(await days()).toEqual([-7, 0, 1, 2]);
  expect(await shop.database.query('test.left', 'SELECT pos FROM event_log')).toEqual([]);
  // A server that starts now remembers nothing; the cursor is refused and never silently skipped.
  const server = await anotherServer(shop);
  const client = await LiveClient.open(server);
  const errors = await client.refusals(EVENTS, { after: before });
  expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['CURSOR_EXPIRED']);
  await client.close();
  await server.close();
});

it('goes on counting positions when nothing is left of the log', async () => {
  const staff = await signUp(shop, { roles: [Role.STAFF] });
  const [state] = await shop.database.query<{ last: number }>('test.state', 'SELECT last_pos AS last FROM event_state');
  await makeProduct(shop, staff, { name: 'New', variants: [aVariant()] });
  await settled(shop);
  const rows = await shop.database.query<{ pos: number; today: boolean }>(
    'test.rows',
    `SELECT pos, day = (now() AT TIME ZONE 'UTC')::date AS today FROM event_log ORDER BY pos`,
  );
  expect(rows[0]).toEqual({ pos: (state?.last ?? 0) + 1, today: true });
});

it('gives events their positions while somebody reads the log for long and old days cannot be dropped', async () => {
  const staff = await signUp(shop, { roles: [Role.STAFF] });
  await settled(shop);
  await until('the partitions are made', async () => (await days()).includes(2));
  const before = await days();
  await age(9);
  const sequencer = shop.app.get(Sequencer, { strict: false });
  await sequencer.onApplicationShutdown();
  // As after an outage of days.
  await connection.script(`DROP TABLE ${tableOf(0)}`);
  await connection.script('BEGIN; LOCK TABLE event_log IN ACCESS SHARE MODE');
  await expect(log.keep()).rejects.toMatchObject({ code: '55P03' });
  expect(await days()).toEqual([-9, ...before]);
  await connection.script('COMMIT');
  await connection.script(`DROP TABLE ${tableOf(0)}`);
  await connection.script('BEGIN; LOCK TABLE event_log IN ACCESS SHARE MODE');
  sequencer.onApplicationBootstrap();
  await makeProduct(shop, staff, { name: 'Read', variants: [aVariant()] });
  await settled(shop);
  await connection.script('COMMIT');
  await log.keep();
  expect(await days()).toEqual(before);
});
