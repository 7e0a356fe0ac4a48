/** The oldest PostgreSQL that has everything this server uses: uuidv7(), RETURNING old and new. */
const OLDEST_MAJOR = 18;

/** What to tell somebody whose PostgreSQL is too old; `null` when it is not. */
export function tooOld(server: { number: number; text: string }): string | null {
  if (Math.trunc(server.number / 10_000) >= OLDEST_MAJOR) return null;
  return (
    `Souk needs PostgreSQL ${OLDEST_MAJOR} or newer; DATABASE_URL leads to version ${server.text}. ` +
    'Leave DATABASE_URL away to use the embedded one.'
  );
}
