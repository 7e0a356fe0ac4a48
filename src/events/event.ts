/** Something that happened, as the room that did it tells it. */
export interface NewEvent {
  /** What kind of thing it happened to, such as `product`. */
  topic: string;
  /** Id of that thing. */
  entityId: string;
  /** What happened, such as `PRICE_CHANGED`. */
  type: string;
  /** What it was and became, as JSON: a snapshot of the change, so that a late reader is told the truth of then. */
  payload: unknown;
}

/** An event in its place in the log: positions are dense, and their order is the order of the commits of one entity. */
export interface LoggedEvent extends NewEvent {
  pos: number;
  /** When the change was made. */
  at: Date;
  /** Size of the payload as JSON; in memory it takes a few times as much. */
  bytes: number;
}
