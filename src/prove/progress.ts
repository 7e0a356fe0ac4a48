import { SingleBar } from 'cli-progress';
import { resultLine, type Result } from './report.js';

/** Shows how far a run has come. */
export interface Progress {
  /** One line worth knowing. */
  note(text: string): void;
  /** Something begins. */
  begin(title: string): void;
  /** So much of it is done. */
  moved(done: number, of: number): void;
  /** It is over; `null` for what has no result. */
  end(result: Result | null): void;
}

const LONGEST_TITLE = 24;

/** On standard error, so that the report is all that standard output holds: a bar on a terminal, else a line for each round. */
export function showProgress(): Progress {
  return process.stderr.isTTY ? bar() : lines();
}

function note(text: string): void {
  console.error(`  ${text}`);
}

function bar(): Progress {
  const single = new SingleBar({
    format: `  {title} {bar} {percentage} % · {duration} s`,
    hideCursor: true,
    clearOnComplete: true,
  });
  return {
    note,
    begin(title) {
      single.start(1, 0, { title: title.padEnd(LONGEST_TITLE) });
    },
    moved(done, of) {
      single.setTotal(of);
      single.update(done);
    },
    end(result) {
      single.stop();
      if (result) console.error(`  ${resultLine(result)}`);
    },
  };
}

function lines(): Progress {
  return {
    note,
    begin: () => undefined,
    moved: () => undefined,
    end(result) {
      if (result) console.error(`  ${resultLine(result)}`);
    },
  };
}
