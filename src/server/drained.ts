import type { Writable } from 'node:stream';

/** Resolves when a stream has handed on what it held, or is closed; with `false` when neither was in so many milliseconds. */
export function drained(stream: Writable, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (inTime: boolean): void => {
      clearTimeout(timer);
      stream.off('drain', done);
      stream.off('close', done);
      resolve(inTime);
    };
    const done = (): void => end(true);
    const timer = setTimeout(() => end(false), milliseconds);
    stream.once('drain', done);
    stream.once('close', done);
    if (stream.closed) done();
  });
}
