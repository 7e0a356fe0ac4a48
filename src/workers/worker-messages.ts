import cluster from 'node:cluster';

/** What a worker says when it answers requests; `report` is what the primary wants to know of it. */
interface Opened {
  souk: 'opened';
  report: object;
}

/** What the primary says to a worker whose place another one has taken. */
interface Retire {
  souk: 'retire';
}

/** To a worker: answer what you have begun, then end. */
export const RETIRE: Retire = { souk: 'retire' };

const PLACE = 'SOUK_WORKER';

/** What a worker is told at its birth. */
export interface WorkerPlace {
  /** From 1. */
  number: number;
  /** The first worker of a start prepares the shop; the others find it ready. */
  prepares: boolean;
  /** Hides which of the shared counters somebody is counted by; 16 bytes in hexadecimal, the same for all. */
  counterKey: string;
}

/** The place of this process among the workers; `null` when it stands alone or is the primary. */
export function ownPlace(): WorkerPlace | null {
  const told = process.env[PLACE];
  return cluster.isWorker && told !== undefined ? (JSON.parse(told) as WorkerPlace) : null;
}

/** The variable of a worker's environment that tells its place. */
export function placeVariable(place: WorkerPlace): NodeJS.ProcessEnv {
  return { [PLACE]: JSON.stringify(place) };
}

/** Tells the primary that this worker answers requests. */
export function tellOpened(report: object): void {
  const message: Opened = { souk: 'opened', report };
  process.send?.(message);
}

/** Calls when the primary wants this worker to end because another one has taken its place. */
export function onRetire(retire: () => void): void {
  process.on('message', (message) => {
    if (isOurs(message) && message.souk === RETIRE.souk) retire();
  });
}

/** What a worker reports, when the message is that it answers requests; else `null`. */
export function reportOf(message: unknown): object | null {
  return isOurs(message) && message.souk === 'opened' ? (message as Opened).report : null;
}

function isOurs(message: unknown): message is { souk: unknown } {
  return typeof message === 'object' && message !== null && 'souk' in message;
}
