import { SingleBar } from 'cli-progress';
import type { ImportProgress } from '../imports/imports.type.js';

const LINE_EVERY_MS = 1_000;

/** Shows how far work has come: a bar on a terminal, else a line a second, so that a log stays readable. */
export interface Progress {
  show(progress: ImportProgress): void;
  /** Writes a line of its own. */
  tell(line: string): void;
  /** Ends the bar. */
  stop(): void;
}

/** Shown on standard error, so that the result is all that standard output holds. */
export function startProgress(): Progress {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): Progress {
  const single = new SingleBar({ format: '  {bar} {percentage} % · {rows} rows · {duration} s', hideCursor: true });
  single.start(1_000, 0, { rows: 0 });
  return {
    show: ({ rows, share }) => single.update(Math.floor(share * 1_000), { rows }),
    // In the place of the bar, which is drawn again below.
    tell: (line) => console.error(`\r\u001B[K${line}`),
    stop: () => single.stop(),
  };
}

function lines(): Progress {
  let next = performance.now() + LINE_EVERY_MS;
  return {
    show({ rows, share }) {
      if (performance.now() < next) return;
      next = performance.now() + LINE_EVERY_MS;
      console.error(`${Math.floor(share * 100)} % · ${rows} rows`);
    },
    tell: (line) => console.error(line),
    stop: () => undefined,
  };
}
