/** One answer of a live query, in the forms in which it is sent. Made once for all who get it. */
export class LiveAnswer {
  private socketBytes: Buffer | null = null;
  private streamText: string | null = null;

  /**
   * @param cursor of the event that it tells
   * @param result the execution result as JSON
   */
  constructor(
    readonly cursor: string,
    private readonly result: string,
  ) {}

  /** A `next` message of `graphql-transport-ws` up to the id of the operation, which differs from watcher to watcher. */
  get socketPart(): Buffer {
    this.socketBytes ??= Buffer.from(`{"type":"next","payload":${this.result},"id":`);
    return this.socketBytes;
  }

  /** A `next` event of a stream of server-sent events. JSON has no line breaks of its own. */
  get streamPart(): string {
    this.streamText ??= `id: ${this.cursor}\nevent: next\ndata: ${this.result}\n\n`;
    return this.streamText;
  }

  /** Bytes, about. */
  get size(): number {
    return this.result.length * 2;
  }
}

/** Where the answers of one watcher go. */
export interface Outlet {
  /** Hands an answer to the network. Never throws. */
  send(answer: LiveAnswer): void;
  /** Bytes that the network has not taken yet. */
  readonly unsent: number;
  /** Resolves when the network has taken everything, or the outlet is gone; with `false` when neither was in so many milliseconds. */
  drained(milliseconds: number): Promise<boolean>;
  /** Ends the live query with an error. */
  fail(error: unknown): void;
  /** The watcher takes nothing any more: the connection is given up. */
  giveUp(): void;
}
