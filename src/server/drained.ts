import type { Writable } from 'node:stream';

/** Resolves when a stream has taken what it held, is closed, or after so many milliseconds. */
export function drained(stream: Writable, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    stream.once('drain', done);
    stream.once('close', done);
    if (stream.closed) done();
  });
}
