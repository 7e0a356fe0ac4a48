import type { Config } from '../config/config.js';
import type { EmbeddedPostgres } from '../embedded/embedded-postgres.js';

/** Where the data lie: the folder of the embedded database, or the server of DATABASE_URL. */
export function placeOf(config: Config, embedded: EmbeddedPostgres | null): string {
  if (embedded) return embedded.home;
  const url = new URL(config.databaseUrl ?? '');
  return `${url.host}${url.pathname}`;
}
