import type { Worker } from 'node:cluster';
import type { ChildProcess } from 'node:child_process';

/** A connection as the cluster module hands it over. */
interface Connection {
  close?: () => void;
}

/**
 * Closes, when a worker dies, the connections that were on their way to it. Node keeps them open for ever, because nobody
 * has answered that they have arrived, and their clients would wait for as long.
 */
export function closeWhatDidNotArrive(worker: Worker): void {
  const { process } = worker;
  const underWay = new Map<unknown, Connection>();
  const send = process.send.bind(process) as (...args: unknown[]) => boolean;
  const watched = (message: { seq?: unknown }, connection?: Connection, ...rest: unknown[]): boolean => {
    if (connection && message.seq !== undefined) underWay.set(message.seq, connection);
    return send(message, connection, ...rest);
  };
  process.send = watched as ChildProcess['send'];
  process.on('internalMessage', ({ ack }: { ack?: unknown }) => underWay.delete(ack));
  process.once('exit', () => {
    for (const connection of underWay.values()) connection.close?.();
    underWay.clear();
  });
}
