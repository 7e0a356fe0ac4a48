import { join } from 'node:path';
import { type Binaries, locateNative, prepareBinaries, thisMachine } from './binaries.js';
import { placeHome } from './place.js';
import type { Account } from './process.js';

const FEWEST_CONNECTIONS = 97;

/** Everything about one embedded database that stays the same while processes and servers come and go. */
export interface Site {
  /** Holds all of it: data, lock, connection, log. Absolute. */
  readonly home: string;
  /** The data directory of PostgreSQL. */
  readonly data: string;
  /** Whom the server runs as; `null` means as ourselves. */
  readonly account: Account | null;
  readonly binaries: Binaries;
  /** How many clients the server lets in at least, when it is started by us. */
  readonly connections: number;
  readonly log: (line: string) => void;
  /** Told each time that a server is there or on its way. */
  readonly onLaunch: () => void;
}

/** What `startEmbeddedPostgres` needs to know. */
export interface EmbeddedOptions {
  /** The directory for the database and all that belongs to it; a relative one counts from the working directory. */
  home: string;
  /** Gets one line for each thing worth telling; without it nothing is told. */
  log?: (line: string) => void;
  /** How many clients shall get in when no other process has started the server: 97 or more. */
  connections?: number;
  /** Called when the server is there or on its way, so that waiting is all that is left to do. */
  onLaunch?: () => void;
}

/** Finds the programs and the place for a home. @throws EmbeddedPostgresError when this machine has no use for it. */
export async function findSite(options: EmbeddedOptions): Promise<Site> {
  const { log = () => undefined, onLaunch = () => undefined, connections = FEWEST_CONNECTIONS } = options;
  const native = locateNative(thisMachine());
  const { home, account } = await placeHome(options.home, log);
  const binaries = await prepareBinaries(native, account, home);
  const place = { home, data: join(home, 'data'), account, binaries };
  return { ...place, connections: Math.max(connections, FEWEST_CONNECTIONS), log, onLaunch };
}
