/**
 * Functions of one session that make the same shop each time: `id(kind, n)` the UUID of the nth thing of a kind, in the form and order
 * of version 7; `dice(n, salt, below)` a whole number from 0; `pick(words, n, salt)` one of several words.
 */
export const CHANCE: readonly string[] = [
  `CREATE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE RETURN (
     lpad(to_hex(1735689600000 + n * 1000), 12, '0') || '7' || substr(md5(kind || n), 1, 3)
     || '8' || substr(md5(kind || n), 4, 15))::uuid`,
  `CREATE FUNCTION pg_temp.dice(n bigint, salt bigint, below bigint) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN
     (hashint8extended(n, salt) & 2147483647) % below`,
  `CREATE FUNCTION pg_temp.pick(words text[], n bigint, salt bigint) RETURNS text LANGUAGE sql IMMUTABLE RETURN
     words[1 + pg_temp.dice(n, salt, cardinality(words))]`,
];

/** Words as an array of PostgreSQL. */
export function wordArray(words: readonly string[]): string {
  return `'{${words.map((word) => `"${word}"`).join(',')}}'::text[]`;
}
