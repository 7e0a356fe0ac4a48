import { execute, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../access/viewer.js';
import { Unavailable } from '../errors/request-errors.js';
import type { LoggedEvent } from '../events/event.js';
import type { EventFeed } from '../events/event-feed.js';
import { formatErrors } from '../graphql/error-format.js';
import type { Scope } from '../graphql/viewer-scope.js';
import { countingStatements } from '../telemetry/statements.js';
import { LiveAnswer } from './live-answer.js';
import { sharedContext } from './shared-context.js';
import type { LiveMetrics } from './live-metrics.js';
import type { Slices } from './slices.js';
import type { Watch } from './watch.js';
import type { Followed, Watcher } from './watcher.js';

const UNKNOWN_BYTES = 1_000;
const RETRY_MS = 250;
const RETRIES = 80;
/** Events that wait to be executed; more than that are read from the log again. */
const MOST_WAITING = 1_000;

/** What all watchers of a group have in common. */
export interface GroupTraits {
  watch: Watch;
  scope: Scope;
  /** Any of them: `scope` says how much of them may be read. */
  viewer: Viewer | null;
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
}

/** What a group shares with all others of its process. */
export interface GroupSurroundings {
  feed: EventFeed;
  memory: AnswerMemory;
  metrics: LiveMetrics;
  slices: Slices;
}

/** What a group was told of an event, or will be. */
interface Remembered {
  group: LiveGroup;
  answer: Promise<LiveAnswer | null>;
}

/** Answers that other watchers who come back may want too; by group, event and newest event of the same thing. */
export type AnswerMemory = LRUCache<string, Remembered>;

/** Remembers so many bytes for all groups of a hub, the most recently wanted. */
export function answerMemory(bytes: number): AnswerMemory {
  return new LRUCache({ maxSize: bytes, dispose: ({ group }, key) => group.forgotten(key) });
}

/** Watchers whose live queries are equal: each event is executed and written as JSON once for all of them. */
export class LiveGroup implements Followed {
  readonly live = new Set<Watcher>();
  /** Watchers on their way there, and those in `live`. */
  readonly watchers = new Set<Watcher>();
  private waiting: LoggedEvent[] = [];
  private current: LoggedEvent | null = null;
  private readonly remembered = new Set<string>();

  /** What the group is looked up by when something happens. */
  readonly interests: readonly string[];
  /** Tells it from every other group that is there. */
  readonly key: string;
  /** Where the first who asked for it came from. */
  readonly network: string;
  private readonly id: number;
  private readonly rootFields: readonly string[];

  /** @param name `id` is never used for another group, also not for one with the same key later */
  constructor(
    name: { id: number; key: string; network: string },
    private readonly traits: GroupTraits,
    private readonly around: GroupSurroundings,
  ) {
    this.id = name.id;
    this.key = name.key;
    this.network = name.network;
    const { topic, entityIds } = traits.watch;
    this.interests = entityIds === null ? [topic] : [...new Set(entityIds)].map((id) => `${topic} ${id}`);
    this.rootFields = Object.keys(traits.schema.getSubscriptionType()?.getFields() ?? {});
  }

  /** Whether the group is told of an event: most events are nothing for most groups, and cost them no more than this. */
  concerns(event: LoggedEvent): boolean {
    const { topic, entityIds, tell } = this.traits.watch;
    if (event.topic !== topic || entityIds?.includes(event.entityId) === false) return false;
    try {
      return tell(event, '') !== null;
    } catch {
      // Told where it can be told to the watchers.
      return true;
    }
  }

  get isIdle(): boolean {
    return this.current === null && this.waiting.length === 0;
  }

  /** Tells an event to everybody in `live`, behind the events before it. */
  enqueue(event: LoggedEvent): void {
    if (!this.concerns(event)) return;
    this.waiting.push(event);
    if (this.waiting.length > MOST_WAITING) this.fallBehind();
    else if (!this.current) void this.deliverAll(event);
  }

  /** Nobody follows any more: nothing is remembered for them. */
  forget(): void {
    this.waiting = [];
    for (const key of this.remembered) this.around.memory.delete(key);
  }

  /** An answer is no longer in memory. */
  forgotten(key: string): void {
    this.remembered.delete(key);
  }

  /** What the group is told of an event; `null` when it is nothing for it. */
  async answer(event: LoggedEvent): Promise<LiveAnswer | null> {
    const key = `${this.id} ${event.pos} ${this.standing(event)}`;
    const known = this.around.memory.get(key);
    if (known) return known.answer;
    const entry = { group: this, answer: this.execute(event) };
    this.remembered.add(key);
    this.around.memory.set(key, entry, { size: UNKNOWN_BYTES });
    try {
      const answer = await entry.answer;
      if (answer && this.around.memory.has(key)) this.around.memory.set(key, entry, { size: answer.size });
      return answer;
    } catch (error) {
      this.around.memory.delete(key);
      throw error;
    }
  }

  // What happened to the thing since may change what may be shown of it. When nothing is known of that, what memory has lost
  // by now may have been known before.
  private standing(event: LoggedEvent): string {
    const standing = this.traits.watch.standing?.(event) ?? this.around.feed.newestOf(event.entityId)?.pos;
    return standing === undefined ? `none since ${this.around.feed.inMemorySince}` : `${standing}`;
  }

  private async deliverAll(first: LoggedEvent): Promise<void> {
    // Before anything else: who brings the event has to bring it to other groups too.
    this.current = first;
    await Promise.resolve();
    for (;;) {
      this.current = this.waiting.shift() ?? null;
      if (!this.current) return;
      // An event may concern thousands of groups.
      if (this.around.slices.isOver) await this.around.slices.next();
      await this.deliver(this.current);
    }
  }

  // Events come faster than they are executed. What waits here is in the log as well.
  private fallBehind(): void {
    const before = (this.current?.pos ?? 0) - 1;
    this.waiting = [];
    for (const watcher of this.live) watcher.readLogAfter(before);
  }

  private async deliver(event: LoggedEvent): Promise<void> {
    if (this.live.size === 0) return;
    try {
      const answer = await this.answer(event);
      if (answer) for (const watcher of this.live) watcher.deliver(event, answer);
    } catch (error) {
      // Better the end of a live query, from where a client comes back, than one that has silently lost an event.
      for (const watcher of this.live) watcher.fail(error);
    }
  }

  private async execute(event: LoggedEvent): Promise<LiveAnswer | null> {
    const cursor = this.around.feed.cursorOf(event);
    const told = this.traits.watch.tell(event, cursor);
    if (told === null) return null;
    let result = await this.attempt(told);
    // An event that is told with an error is lost for good; one that waits for the database is only late.
    for (let retry = 0; retry < RETRIES && this.watchers.size > 0 && isForNow(result); retry += 1) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      result = await this.attempt(told);
    }
    // Nothing with the cursor of an event that nobody could be told of: whoever comes back goes on before it.
    if (isForNow(result)) throw new Unavailable();
    return new LiveAnswer(cursor, JSON.stringify(formatted(result)));
  }

  private async attempt(told: unknown): Promise<ExecutionResult> {
    const { schema, document, operationName, variables, scope, viewer } = this.traits;
    const contextValue = sharedContext(scope, viewer);
    this.around.metrics.executions += 1;
    const run = async (): Promise<ExecutionResult> =>
      execute({
        schema,
        document,
        operationName,
        variableValues: variables,
        contextValue,
        rootValue: Object.fromEntries(this.rootFields.map((field) => [field, told])),
      });
    return contextValue.statements ? countingStatements(contextValue.statements, run) : run();
  }
}

function isForNow({ errors }: ExecutionResult): boolean {
  return errors?.some(({ originalError }) => originalError instanceof Unavailable) ?? false;
}

function formatted({ errors, ...result }: ExecutionResult): object {
  return errors ? { ...result, errors: formatErrors(errors) } : result;
}
