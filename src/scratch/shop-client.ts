import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Payload } from './documents.js';
import type { ServerProcess } from './server-process.js';

/** Who sends a change, and under which key; without one it gets a key of its own. */
export interface Sender {
  token?: string;
  key?: string;
}

/** What came of a change. */
export interface Answer<P extends Payload = Payload> {
  /** `OK`, the code of a refusal or of an error; `NO_ANSWER` when none came in time. */
  code: string;
  /** `null` unless the change was made. */
  payload: P | null;
}

/** Something that no client should ever see. */
export interface Fault {
  field: string;
  code: string;
  message: string;
}

interface Response {
  data?: Record<string, Payload | null> | null;
  errors?: { message: string; extensions?: { code?: string; reference?: string } }[];
}

const ANSWER_MS = 20_000;
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Sends changes to the servers in turn. As every client of a shop should, it asks again with the same key, perhaps another
 * server, when no answer came or the shop was UNAVAILABLE: for up to a minute.
 */
export class ShopClient {
  /** What went wrong on the side of the shop. */
  readonly faults: Fault[] = [];
  /** How often something was sent again. */
  repeats = 0;
  private turn = 0;

  constructor(
    private readonly servers: readonly ServerProcess[],
    private readonly signal: AbortSignal,
  ) {}

  async send<P extends Payload>(
    change: Change<P>,
    input: object,
    { token, key = randomUUID() }: Sender = {},
  ): Promise<Answer<P>> {
    const body = JSON.stringify({ query: change.text, variables: { input, key } });
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const deadline = performance.now() + PATIENCE_MS;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const response = await this.ask(headers, body);
      const answer = response && this.read(change, response);
      if (answer && answer.code !== 'UNAVAILABLE') return answer;
      if (performance.now() > deadline) return { code: 'NO_ANSWER', payload: null };
      this.repeats += 1;
      await sleep(pause, undefined, { signal: this.signal });
    }
  }

  /** `null` when no whole answer came: nobody knows then whether the change was made. */
  private async ask(headers: Record<string, string>, body: string): Promise<Response | null> {
    const url = this.nextUrl();
    if (url === null) return null;
    try {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(ANSWER_MS)]);
      const response = await fetch(url, { method: 'POST', headers, body, signal });
      return (await response.json()) as Response;
    } catch {
      this.signal.throwIfAborted();
      return null;
    }
  }

  private nextUrl(): string | null {
    this.turn += 1;
    const urls = this.servers.flatMap(({ url }) => url ?? []);
    return urls[this.turn % urls.length] ?? null;
  }

  private read<P extends Payload>({ field }: Change<P>, { data, errors }: Response): Answer<P> {
    const [error] = errors ?? [];
    const payload = data?.[field] as P | null | undefined;
    const code = error ? (error.extensions?.code ?? 'NO_CODE') : (payload?.userErrors[0]?.code ?? 'OK');
    if (code === 'INTERNAL_SERVER_ERROR' || code === 'NO_CODE' || (!error && !payload)) {
      const reference = error?.extensions?.reference;
      this.faults.push({ field, code, message: reference ?? error?.message ?? 'an answer without data' });
    }
    return { code, payload: code === 'OK' ? (payload ?? null) : null };
  }
}
