import { mock } from 'node:test';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, parse } from 'graphql';
import { Unavailable } from '../errors/request-errors.js';
import type { EventFeed } from '../events/event-feed.js';
import type { LoggedEvent } from '../events/event.js';
import { answerMemory, LiveGroup } from './live-group.js';
import type { LiveMetrics } from './live-metrics.js';
import { Slices } from './slices.js';
import { Watch } from './watch.js';
import type { Watcher } from './watcher.js';

const TOPIC = 'thing';
const eventAt = (pos: number): LoggedEvent => ({
  pos,
  topic: TOPIC,
  entityId: 'a',
  type: 'T',
  payload: pos,
  at: new Date(0),
  bytes: 10,
});

/** What the memory of a process knows. */
class Memory {
  newest: LoggedEvent | null = null;
  inMemorySince = 1;
  newestOf = (): LoggedEvent | null => this.newest;
  cursorOf = ({ pos }: LoggedEvent): string => `${pos}`;
}

/** A group whose field is resolved by a function. */
function groupOf(resolve: () => unknown, standing?: () => string | undefined): { group: LiveGroup; memory: Memory } {
  const memory = new Memory();
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLInt } } }),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: { told: { type: GraphQLInt, resolve } } }),
  });
  const watch = new Watch({ topic: TOPIC, entityIds: null, tell: () => 1, ...(standing && { standing }) });
  const traits = { watch, scope: 'public' as const, viewer: null, schema, operationName: null, variables: {} };
  const group = new LiveGroup(
    { id: 1, key: 'a', network: 'here' },
    { ...traits, document: parse('subscription { told }') },
    {
      feed: memory as unknown as EventFeed,
      memory: answerMemory(1_000_000),
      metrics: { executions: 0 } as LiveMetrics,
      slices: new Slices(),
    },
  );
  return { group, memory };
}

/** Somebody who waits for answers. */
function watching(group: LiveGroup): { delivered: number[]; failures: unknown[] } {
  const seen = { delivered: [] as number[], failures: [] as unknown[] };
  const watcher = {
    deliver: ({ pos }: LoggedEvent) => void seen.delivered.push(pos),
    fail: (error: unknown) => void seen.failures.push(error),
  } as unknown as Watcher;
  group.watchers.add(watcher);
  group.live.add(watcher);
  return seen;
}

async function settle(): Promise<void> {
  for (let step = 0; step < 50; step += 1) await Promise.resolve();
}

describe('a group', () => {
  it('remembers an answer while nothing has happened to the thing since', async () => {
    let executions = 0;
    const { group, memory } = groupOf(() => (executions += 1));
    const told = async (): Promise<string | undefined> => (await group.answer(eventAt(5)))?.streamPart;
    const first = await told();
    expect([await told(), executions]).toEqual([first, 1]);
    memory.newest = eventAt(9);
    expect([(await told()) === first, executions]).toEqual([false, 2]);
    // Memory has lost it, and what was known before it happened is not what is known now.
    memory.newest = null;
    memory.inMemorySince = 10;
    await told();
    expect([(await told()) === first, executions]).toEqual([false, 3]);
  });

  it('goes by the standing of the thing, where that is known', async () => {
    let [executions, standing]: [number, string | undefined] = [0, 'ACTIVE'];
    const { group, memory } = groupOf(
      () => (executions += 1),
      () => standing,
    );
    const told = async (): Promise<number> => (await group.answer(eventAt(5)), executions);
    expect(await told()).toBe(1);
    memory.newest = eventAt(9);
    expect(await told()).toBe(1);
    standing = 'ARCHIVED';
    expect(await told()).toBe(2);
    [standing, memory.newest] = [undefined, null];
    expect(await told()).toBe(3);
    memory.inMemorySince = 10;
    expect(await told()).toBe(4);
  });

  it('tells nothing of an event that nobody can be told of for now, and ends their live queries', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      let executions = 0;
      const { group } = groupOf(() => {
        executions += 1;
        throw new Unavailable();
      });
      const seen = watching(group);
      group.enqueue(eventAt(5));
      // The next slice is no timer.
      for (let slice = 0; slice < 2; slice += 1) await new Promise((resolve) => setImmediate(resolve));
      for (let retry = 0; retry < 80; retry += 1) {
        await settle();
        expect([executions, seen.failures]).toEqual([retry + 1, []]);
        mock.timers.tick(250);
      }
      await settle();
      expect([executions, seen.delivered, seen.failures]).toEqual([81, [], [new Unavailable()]]);
      expect(group.isIdle).toBe(true);
    } finally {
      mock.timers.reset();
    }
  });
});
