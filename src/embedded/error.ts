/** Why the embedded PostgreSQL cannot be used, in words for the person who started Souk. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The system's short code of an error (`ENOENT`, a SQLSTATE ...), or an empty text when it has none. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What an unknown thrown value says. */
export function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  return String(error.message) || errorCode(error);
}
