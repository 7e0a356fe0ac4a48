import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  createSourceEventStream,
  GraphQLError,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { networkOf } from '../access/client-network.js';
import { Config } from '../config/config.js';
import { CursorInvalid, Unavailable } from '../errors/request-errors.js';
import { EventFeed } from '../events/event-feed.js';
import type { LoggedEvent } from '../events/event.js';
import type { ShopContext } from '../graphql/context.js';
import { answerMemory, LiveGroup, type GroupSurroundings } from './live-group.js';
import type { Outlet } from './live-answer.js';
import { liveDocument } from './live-document.js';
import { LiveMetrics } from './live-metrics.js';
import { Slices } from './slices.js';
import { scopeKey } from './shared-context.js';
import { Watch } from './watch.js';
import { Watcher } from './watcher.js';

const MEMORY_BYTES = 32 * 1024 * 1024;

/** A subscription that has passed every check of operations. */
export interface LiveQuery {
  schema: GraphQLSchema;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
  context: ShopContext;
  /** Where to go on, instead of what the arguments say. */
  after?: string | null;
}

/** Puts equal live queries together and brings each event to the groups that it concerns. */
@Injectable()
export class LiveHub implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly groups = new Map<string, LiveGroup>();
  /** By topic, or by topic and thing. */
  private readonly index = new Map<string, Set<LiveGroup>>();
  /** How many groups exist because somebody of a network asked for them. */
  private readonly perNetwork = new Map<string, number>();
  private readonly memory = answerMemory(MEMORY_BYTES);
  /** How long a watcher may take nothing of what is sent, in milliseconds. */
  private patienceMs = 30_000;
  private stop: () => void = () => undefined;
  private readonly slices = new Slices();
  private readonly around: GroupSurroundings;
  private made = 0;

  constructor(
    private readonly config: Config,
    private readonly feed: EventFeed,
    private readonly metrics: LiveMetrics,
  ) {
    this.around = { feed, memory: this.memory, metrics, slices: this.slices };
  }

  onApplicationBootstrap(): void {
    const stops = [this.feed.onEvents((events) => this.dispatch(events)), this.feed.onBreak(() => this.endAll())];
    this.stop = () => stops.forEach((stop) => stop());
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  /**
   * Starts a live query. Answers how to end it, or the errors with which it was refused: guards, arguments, and positions
   * that do not exist (CURSOR_INVALID) or no more (CURSOR_EXPIRED), too many different live queries (UNAVAILABLE). Never throws.
   */
  async join(query: LiveQuery, outlet: Outlet): Promise<Membership | ExecutionResult> {
    try {
      return await this.place(query, outlet);
    } catch (error) {
      return { errors: [new GraphQLError('', { originalError: error as Error })] };
    }
  }

  /** Where somebody goes on who has been told everything up to a position. */
  cursorAt(pos: number): string {
    return this.feed.cursorOf({ pos });
  }

  private async place(query: LiveQuery, outlet: Outlet): Promise<Membership | ExecutionResult> {
    const { schema, document, operationName, variables, context } = query;
    const args = { schema, document, operationName, variableValues: variables, contextValue: context };
    const watch = await createSourceEventStream(args);
    if (!(watch instanceof Watch)) return watch as ExecutionResult;
    const after = query.after ?? watch.after;
    const from = after === null ? this.feed.position : await this.feed.resume(after);
    const group = this.groupOf(query, watch);
    this.metrics.groups.watchers += 1;
    if (from < this.feed.position) this.metrics.catchUps += 1;
    const { feed, metrics, slices, patienceMs } = this;
    const watcher = new Watcher(group, outlet, from, { feed, metrics, slices, patienceMs });
    group.watchers.add(watcher);
    return new Membership(watcher, () => this.leave(group, watcher));
  }

  // What comes next does not follow on what anybody was told.
  private endAll(): void {
    const broken = new CursorInvalid('The log of events is another one now. Read afresh, then subscribe again.');
    for (const group of this.groups.values()) for (const watcher of group.watchers) watcher.fail(broken);
    this.memory.clear();
  }

  private leave(group: LiveGroup, watcher: Watcher): void {
    group.watchers.delete(watcher);
    this.metrics.groups.watchers -= 1;
    if (group.watchers.size > 0) return;
    group.forget();
    this.groups.delete(group.key);
    this.count(group.network, -1);
    this.metrics.groups.count -= 1;
    for (const key of group.interests) {
      const groups = this.index.get(key);
      groups?.delete(group);
      if (groups?.size === 0) this.index.delete(key);
    }
  }

  private dispatch(events: readonly LoggedEvent[]): void {
    for (const event of events) {
      this.tell(event, this.index.get(event.topic));
      this.tell(event, this.index.get(`${event.topic} ${event.entityId}`));
    }
  }

  private tell(event: LoggedEvent, groups: Iterable<LiveGroup> = []): void {
    for (const group of groups) if (group.live.size > 0) group.enqueue(event);
  }

  private groupOf(query: LiveQuery, watch: Watch): LiveGroup {
    const { schema, document, definition, operationName, variables } = query;
    const { viewer } = query.context;
    const { scope, cursorVariable } = liveDocument(schema, document, definition);
    const equal = cursorVariable === null ? variables : { ...variables, [cursorVariable]: null };
    const text = document.loc?.source.body ?? '';
    const key = JSON.stringify([scopeKey(scope, viewer), operationName, sorted(equal), text]);
    const known = this.groups.get(key);
    if (known) return known;
    const network = networkOf(query.context.address);
    if (this.groups.size >= this.config.liveGroups)
      throw new Unavailable('Too many different live queries. Try again later.');
    if ((this.perNetwork.get(network) ?? 0) >= this.config.liveGroupsPerAddress)
      throw new Unavailable('Too many different live queries from here. Try again later.');
    const traits = { watch, scope, viewer, schema, document, operationName, variables };
    const group = new LiveGroup({ id: (this.made += 1), key, network }, traits, this.around);
    this.groups.set(key, group);
    this.count(network, 1);
    this.metrics.groups.count += 1;
    for (const interest of group.interests) {
      const groups = this.index.get(interest) ?? new Set();
      this.index.set(interest, groups.add(group));
    }
    return group;
  }

  private count(network: string, change: number): void {
    const count = (this.perNetwork.get(network) ?? 0) + change;
    if (count > 0) this.perNetwork.set(network, count);
    else this.perNetwork.delete(network);
  }
}

/** Somebody's place in a group. */
export class Membership {
  private hasLeft = false;

  constructor(
    private readonly watcher: Watcher,
    private readonly left: () => void,
  ) {}

  /** Position up to which everything was told. */
  get told(): number {
    return this.watcher.told;
  }

  /** Begins to tell. Nothing is told before, so that the start can be told first. */
  begin(): void {
    void this.watcher.follow();
  }

  /** Ends it; a second time nothing happens. */
  leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.watcher.end();
    this.left();
  }
}

/** Equal values in one spelling: the order of names means nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, inner]) => [name, sorted(inner)]);
}
