import { CursorInvalid } from '../errors/request-errors.js';

/** The opaque name of a position: it also carries the log's epoch, which changes when a database is restored. */
export function streamCursor(epoch: string, pos: number): string {
  return Buffer.from(`${epoch}:${pos}`).toString('base64url');
}

/** @throws CursorInvalid when this log never made the cursor */
export function streamPosition(epoch: string, cursor: string): number {
  const [, madeIn, pos] = /^([0-9a-f]{8}):(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (madeIn !== epoch) throw new CursorInvalid('This cursor does not belong to the events of this shop.');
  return Number(pos);
}
