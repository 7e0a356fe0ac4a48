import { Unavailable } from '../errors/request-errors.js';

const WAIT_MS = 15_000;
const MOST_WAITING = 1_000;

/**
 * Lets work of one name run one after the other. Who waits here holds no database connection: repetitions of one slow change
 * cannot take all of them, and leave none for the change itself or for other clients.
 */
export class Turns {
  private readonly queues = new Map<string, (() => void)[]>();

  /**
   * Runs the work when all work of the same name that came before has ended.
   * @throws Unavailable after 15 s, or at once behind 1,000 others; then the work has not begun
   */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    await this.turn(name);
    try {
      return await work();
    } finally {
      this.next(name);
    }
  }

  private turn(name: string): Promise<void> {
    const queue = this.queues.get(name);
    if (!queue) {
      this.queues.set(name, []);
      return Promise.resolve();
    }
    if (queue.length >= MOST_WAITING) throw underWay();
    return new Promise((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(go), 1);
        reject(underWay());
      }, WAIT_MS);
      queue.push(go);
    });
  }

  private next(name: string): void {
    const go = this.queues.get(name)?.shift();
    if (go) go();
    else this.queues.delete(name);
  }
}

function underWay(): Unavailable {
  return new Unavailable('This change is still being made. Try again in a moment, with the same key.');
}
