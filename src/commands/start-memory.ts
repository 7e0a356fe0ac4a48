import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A start is followed by first requests; this comes behind them. */
const AFTER_MS = 1_000;

/**
 * Gives back, a second from now, the memory that only loading the program has needed: V8 leaves the space for young objects
 * at 128 MB, and shrinks it only when it collects everything that it can. That takes about a tenth of a second, once.
 */
export function releaseStartMemory(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (how: object) => void;
    setFlagsFromString('--no-expose-gc');
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
