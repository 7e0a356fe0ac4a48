import type { LoggedEvent } from '../events/event.js';

/** What a subscription field wants of the log. */
export interface WatchOptions<T> {
  /** The kind of thing, such as `product`. */
  topic: string;
  /** Only events of these things; `null` for all of the topic. */
  entityIds: readonly string[] | null;
  /** Go on after this cursor; without it, with what happens from now on. */
  after?: string | null;
  /**
   * What the watcher is told of an event, as the value of the field; `null` when it is not for them. It may depend on the
   * arguments of the field and on so much of the viewer as the field declares by `@ViewerScope`: equal watchers share it.
   */
  tell: (event: LoggedEvent, cursor: string) => T | null;
  /**
   * What has become of the thing since, as far as it decides what may be shown of the event: while it stays the same, those who
   * come later get the answer of those who came before. `undefined` when memory does not tell. Left out, every newer event
   * of the thing counts.
   */
  standing?: (event: LoggedEvent) => string | undefined;
}

/**
 * What the method of a `@Subscription` answers. It yields nothing by itself: it looks like a source of events, so that guards
 * and validation run as for every other field, and the hub then takes what it holds.
 */
export class Watch<T = unknown> implements AsyncIterable<never>, WatchOptions<T> {
  readonly topic: string;
  readonly entityIds: readonly string[] | null;
  readonly after: string | null;
  readonly tell: (event: LoggedEvent, cursor: string) => T | null;
  readonly standing: ((event: LoggedEvent) => string | undefined) | undefined;

  constructor({ topic, entityIds, after, tell, standing }: WatchOptions<T>) {
    this.topic = topic;
    this.entityIds = entityIds;
    this.after = after ?? null;
    this.tell = tell;
    this.standing = standing;
  }

  [Symbol.asyncIterator](): AsyncIterator<never> {
    throw new Error('A watch is followed by the hub and not by an executor.');
  }
}
