import { Role } from '../../src/access/role.js';
import { signUp, type Account } from '../support/accounts.js';
import { change } from '../support/catalogue.js';
import { askImport, CANCEL_JOB, csv, doAndDie, doJobs, letTimePass, manyRows, pauseJobs } from '../support/jobs.js';
import { anotherServer, LiveClient, openStreams, settled, until, type Stream } from '../support/live.js';
import { startShop, type Shop } from '../support/shop.js';

const EVENTS = `subscription ($after: Cursor, $jobId: ID) {
  jobEvents(after: $after, jobId: $jobId) {
    cursor occurredAt type jobId
    job { id state version progress { done total } failure problems { line } imported { created rejected } createdBy { name } }
  }
}`;

interface Told {
  cursor: string;
  occurredAt: string;
  type: string;
  jobId: string;
  job: Record<string, any>;
}
type Watched = Stream<{ jobEvents: Told }>;

let shop: Shop;
let staff: Account;
let admin: Account;
let customer: Account;
const clients: LiveClient[] = [];

beforeAll(async () => {
  shop = await startShop();
  await pauseJobs(shop);
  staff = await signUp(shop, { name: 'Cy', roles: [Role.STAFF] });
  admin = await signUp(shop, { roles: [Role.ADMIN] });
  customer = await signUp(shop);
});

afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await until('no stream is left', () => openStreams(shop) === 0);
});

afterAll(() => shop?.close());

async function open(by?: Account, server = shop): Promise<LiveClient> {
  const client = await LiveClient.open(server, by);
  clients.push(client);
  return client;
}

async function watch(by: Account, variables: Record<string, unknown> = {}, server = shop): Promise<Watched> {
  // What happened before is told already: a watch from now on begins behind it.
  await settled(server);
  return (await open(by, server)).watch<{ jobEvents: Told }>(EVENTS, variables);
}

async function told(stream: Watched, count: number): Promise<Told[]> {
  return (await stream.take(count)).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return data.jobEvents;
  });
}

const brief = (events: readonly Told[]): string[] =>
  events.map(({ type, job }) => `${type} ${job['version']} ${job['progress'].done}`);

describe('jobEvents', () => {
  it('tell staff all of a job in its order, each as it was then', async () => {
    const streams = [await watch(staff), await watch(admin)];
    const content = csv('sku,price,name', 'LIVE-1,1,Live', 'LIVE-2,none,Live');
    const { id } = await askImport(shop, staff, content);
    await doJobs(shop);
    const at = { jobId: id, cursor: expect.any(String), occurredAt: expect.stringMatching(/Z$/) };
    const job = (state: string, version: number, more: object = {}): object => ({
      id,
      state,
      version,
      progress: { done: 0, total: 2 },
      failure: null,
      problems: [],
      imported: null,
      createdBy: { name: 'Cy' },
      ...more,
    });
    const all = { progress: { done: 2, total: 2 }, problems: [{ line: 3 }], imported: { created: 1, rejected: 1 } };
    for (const stream of streams) {
      expect(await told(stream, 4)).toEqual([
        { ...at, type: 'QUEUED', job: job('QUEUED', 1) },
        { ...at, type: 'STARTED', job: job('RUNNING', 2) },
        { ...at, type: 'PROGRESSED', job: job('RUNNING', 3, all) },
        { ...at, type: 'SUCCEEDED', job: job('SUCCEEDED', 4, all) },
      ]);
      expect(stream.waiting).toBe(0);
    }
  });

  it('can be narrowed to one job, and tell of it also after it is over', async () => {
    const first = await askImport(shop, staff, manyRows('NARROW', 2));
    const second = await askImport(shop, staff, manyRows('OTHER', 2));
    const stream = await watch(staff, { jobId: second.id });
    await doJobs(shop);
    expect(brief(await told(stream, 3))).toEqual(['STARTED 2 0', 'PROGRESSED 3 2', 'SUCCEEDED 4 2']);
    const third = await askImport(shop, staff, manyRows('THIRD', 2));
    const all = await watch(staff);
    await change(shop, staff, CANCEL_JOB, { jobId: third.id });
    const [event] = await told(all, 1);
    expect(event).toMatchObject({ type: 'CANCELLED', jobId: third.id, job: { state: 'CANCELLED' } });
    expect(stream.waiting).toBe(0);
    expect(first.id).not.toBe(second.id);
  });

  it('go on after a cursor, on this server and on another one', async () => {
    const stream = await watch(staff);
    const { id } = await askImport(shop, staff, manyRows('RESUME', 250));
    await doAndDie(shop, 2);
    const seen = await told(stream, 4);
    expect(brief(seen)).toEqual(['QUEUED 1 0', 'STARTED 2 0', 'PROGRESSED 3 100', 'PROGRESSED 4 200']);
    await letTimePass(shop);
    await doJobs(shop);
    const expected = ['PROGRESSED 3 100', 'PROGRESSED 4 200', 'STARTED 5 200', 'PROGRESSED 6 250', 'SUCCEEDED 7 250'];
    const other = await anotherServer(shop);
    for (const server of [shop, other]) {
      const resumed = await watch(staff, { after: seen[1]?.cursor, jobId: id }, server);
      expect(brief(await told(resumed, 5))).toEqual(expected);
      expect(resumed.waiting).toBe(0);
    }
    for (const client of clients.splice(0)) await client.close();
    await other.close();
  });

  it('are told a few times a second while a job goes on, and never less than is done at its end', async () => {
    const stream = await watch(staff);
    await askImport(shop, staff, manyRows('OFTEN', 1_000));
    await doJobs(shop);
    const events = [];
    while (events.at(-1)?.type !== 'SUCCEEDED') events.push(...(await told(stream, 1)));
    const done = events.map(({ job }) => Number(job['progress'].done));
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    // Each of the ten steps is a version, and not each is told.
    expect(events.at(-1)?.job).toMatchObject({ version: 13, progress: { done: 1_000 } });
    const seconds = (Date.parse(events.at(-1)?.occurredAt ?? '') - Date.parse(events[1]?.occurredAt ?? '')) / 1_000;
    expect(events.length - 3).toBeLessThanOrEqual(2 + seconds * 4);
  });

  it('are for staff only, and know their own cursors', async () => {
    const codes = async (by?: Account, variables = {}): Promise<unknown> =>
      (await (await open(by)).refusals(EVENTS, variables))?.map(({ extensions }) => extensions['code']);
    expect(await codes()).toEqual(['UNAUTHENTICATED']);
    expect(await codes(customer)).toEqual(['FORBIDDEN']);
    expect(await codes(staff, { after: 'nonsense' })).toEqual(['CURSOR_INVALID']);
    expect(await codes(staff, { jobId: staff.id })).toEqual(['BAD_USER_INPUT']);
    expect(openStreams(shop)).toBe(0);
  });
});
