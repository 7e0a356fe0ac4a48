import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadReply, LoadRequest, LoadResult, LoadRun } from './load-run.ts';

const PROGRAM = fileURLToPath(new URL('load-process.ts', import.meta.url));

/** The process that the load comes from. It ends with this one. */
export class Load {
  private readonly child: ChildProcess = fork(PROGRAM);

  /** Sets what the next runs send, in turn. */
  prepare(requests: LoadRequest[]): void {
    this.order({ requests });
  }

  /** @throws Error when an answer was wrong or a connection broke; the signal's reason */
  async run(run: LoadRun, signal: AbortSignal): Promise<LoadResult> {
    const over = new AbortController();
    const either = { signal: AbortSignal.any([signal, over.signal]) };
    try {
      this.order({ run });
      const ended = once(this.child, 'exit', either).then((): never => {
        throw new Error('The process of the load has ended.');
      });
      const [reply] = (await Promise.race([once(this.child, 'message', either), ended])) as [LoadReply];
      if ('failure' in reply) throw new Error(reply.failure);
      return reply.result;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      over.abort();
    }
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  private order(order: LoadOrder): void {
    this.child.send(order);
  }
}
