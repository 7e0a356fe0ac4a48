import { existsSync } from 'node:fs';
import { join } from 'node:path';

// The address of a socket holds 108 bytes on Linux and 104 elsewhere, with a zero at the end; ports have five digits.
const LONGEST_FOLDER = 103 - '/.s.PGSQL.65535'.length;

/** Whether PostgreSQL can listen on a socket in that folder. Commas and quotes mean something in its list of folders. */
export function canHaveSocket(folder: string): boolean {
  return process.platform !== 'win32' && Buffer.byteLength(folder) <= LONGEST_FOLDER && !/[,"@]/.test(folder);
}

/** Whether a server listens on a socket there: it costs both sides a third less CPU for each statement than TCP. */
export function hasSocket(folder: string, port: number): boolean {
  return canHaveSocket(folder) && existsSync(join(folder, `.s.PGSQL.${port}`));
}
