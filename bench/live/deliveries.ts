const CURSOR = Buffer.from('"cursor":"');
const QUOTE = 0x22;
const FIRST_ROOM = 65_536;
const DIFFERENCES_KEPT = 3;

/** An event as the first subscriber received it. */
export interface KnownEvent {
  cursor: string;
  /** The whole message. */
  body: Buffer;
}

/** Whether a message carries an event. */
export function hasEvent(data: Buffer, start: number, end: number): boolean {
  const at = data.indexOf(CURSOR, start);
  return at >= 0 && at < end;
}

/** Who has received what and when: many millions fit, as each takes 16 bytes. Each event is kept once. */
export class Deliveries {
  readonly events: KnownEvent[] = [];
  /** Messages with a cursor that came with another content before: subscribers ask for the same. */
  differing = 0;
  readonly differences: string[] = [];
  count = 0;
  private readonly byCursor = new Map<string, number>();
  private subscribers = new Uint32Array(FIRST_ROOM);
  private numbers = new Uint32Array(FIRST_ROOM);
  private times = new Float64Array(FIRST_ROOM);

  /** The number of the event in a message, in the order in which they became known. */
  know(data: Buffer, start: number, end: number): number {
    const from = data.indexOf(CURSOR, start) + CURSOR.length;
    const cursor = data.toString('latin1', from, data.indexOf(QUOTE, from));
    const known = this.byCursor.get(cursor);
    if (known === undefined) {
      this.byCursor.set(cursor, this.events.length);
      return this.events.push({ cursor, body: Buffer.from(data.subarray(start, end)) }) - 1;
    }
    const { body } = this.events[known] as KnownEvent;
    if (body.length !== end - start || body.compare(data, start, end) !== 0)
      this.differ(body, data.subarray(start, end));
    return known;
  }

  cursorOf(event: number): string {
    return (this.events[event] as KnownEvent).cursor;
  }

  /** Notes that a subscriber has received an event, at a moment of the shared clock. */
  add(subscriber: number, event: number, at: number): void {
    if (this.count === this.times.length) this.grow();
    this.subscribers[this.count] = subscriber;
    this.numbers[this.count] = event;
    this.times[this.count] = at;
    this.count += 1;
  }

  /** Tells all of them in the order in which they came. */
  each(tell: (subscriber: number, event: number, at: number) => void): void {
    for (let index = 0; index < this.count; index += 1) {
      tell(this.subscribers[index] as number, this.numbers[index] as number, this.times[index] as number);
    }
  }

  private differ(first: Buffer, other: Buffer): void {
    this.differing += 1;
    if (this.differences.length < DIFFERENCES_KEPT) this.differences.push(`${String(first)} <> ${String(other)}`);
  }

  private grow(): void {
    const room = this.times.length * 2;
    const [subscribers, numbers, times] = [new Uint32Array(room), new Uint32Array(room), new Float64Array(room)];
    subscribers.set(this.subscribers);
    numbers.set(this.numbers);
    times.set(this.times);
    Object.assign(this, { subscribers, numbers, times });
  }
}
