import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A running `souk`, as a person would have started it. */
export interface Program {
  child: ChildProcess;
  /** All that it has printed so far. */
  output(): string;
  /** Resolves with the first match of a pattern in its output. @throws when the program ends, or time is up, before that */
  prints(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Sends a signal and resolves with the exit code (or the signal that ended it). */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

const DEADLINE_MS = 40_000;

/** Starts `souk` with the given arguments and settings. */
export function souk(args: readonly string[], settings: Record<string, string>): Program {
  const child = spawn(process.execPath, ['bin/souk.js', ...args], {
    env: { ...process.env, NODE_ENV: '', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const waiting = new Set<() => void>();
  const take = (chunk: Buffer): void => {
    text += String(chunk);
    for (const look of waiting) look();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  return {
    child,
    output: () => text,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const fail = (why: string): void => reject(new Error(`${why} before it printed ${pattern}:\n${text}`));
        const timer = setTimeout(() => fail('Time was up'), DEADLINE_MS);
        const look = (): void => {
          const match = pattern.exec(text);
          if (!match) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        void exited.then(([code]) => fail(`The program ended with ${code}`));
        look();
      }),
    async end(signal) {
      child.kill(signal);
      const [code, by] = await exited;
      return code ?? by;
    },
  };
}
