import { join } from 'node:path';
import { type Binaries, locateNative, prepareBinaries, thisMachine } from './binaries.js';
import { placeHome } from './place.js';
import type { Account } from './process.js';

/** Everything about one embedded database that stays the same while processes and servers come and go. */
export interface Site {
  /** Holds all of it: data, lock, connection, log. Absolute. */
  readonly home: string;
  /** The data directory of PostgreSQL. */
  readonly data: string;
  /** Whom the server runs as; `null` means as ourselves. */
  readonly account: Account | null;
  readonly binaries: Binaries;
  readonly log: (line: string) => void;
}

/** Finds the programs and the place for a home. @throws EmbeddedPostgresError when this machine has no use for it. */
export async function findSite(wantedHome: string, log: (line: string) => void): Promise<Site> {
  const native = locateNative(thisMachine());
  const { home, account } = await placeHome(wantedHome, log);
  const binaries = await prepareBinaries(native, account, home);
  return { home, data: join(home, 'data'), account, binaries, log };
}
