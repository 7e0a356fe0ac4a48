import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 25;

/** What is waited for, and how long. */
export interface Waiting {
  /** Ends the sentence "It took more than n s until ...". */
  what: string;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Resolves when the condition holds, looking every 25 ms. @throws Error when it takes too long; the signal's reason */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { what, timeoutMs, signal }: Waiting,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`It took more than ${timeoutMs / 1_000} s until ${what}.`);
    await sleep(POLL_MS, undefined, { signal });
  }
}
