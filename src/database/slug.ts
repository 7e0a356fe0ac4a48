import { randomBytes } from 'node:crypto';
import slugify from '@sindresorhus/slugify';
import type { Db } from './db.js';

/** What a slug may look like: lower-case words and numbers, joined by single hyphens. */
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const SLUG_LENGTH = 100;

/** Numbers behind a slug have up to six digits. */
const LAST_NUMBER = 999_999;

/** The words of a name in URL form, such as `creme-brulee-set`; `item` when nothing of it can be written in Latin letters. */
export function slugOf(name: string): string {
  return (
    slugify(name)
      .slice(0, SLUG_LENGTH - 10)
      .replace(/-+$/, '') || 'item'
  );
}

/**
 * One free slug for each name, in the order of the names: the name's own, or the next number after it (`lamp-2`).
 * Free when asked: the unique constraint decides, and who loses asks again.
 */
export async function freeSlugs(db: Db, table: string, names: readonly string[]): Promise<string[]> {
  const bases = names.map(slugOf);
  const rows = await db.query<{ base: string; taken: boolean; last: number | null }>(
    `slug.free.${table}`,
    `SELECT b.base,
       EXISTS (SELECT FROM ${table} t WHERE t.slug = b.base) AS taken,
       (SELECT max(substr(t.slug, length(b.base) + 2)::bigint) FROM ${table} t
        WHERE t.slug >= b.base || '-' AND t.slug < b.base || '.' AND substr(t.slug, length(b.base) + 2) ~ '^\\d{1,6}$') AS last
     FROM (SELECT DISTINCT unnest($1::text[]) COLLATE "C" AS base) b`,
    [bases],
  );
  // 1 stands for the name without a number.
  const last = new Map(rows.map((row) => [row.base, Math.max(row.last ?? 0, row.taken ? 1 : 0)]));
  return bases.map((base) => {
    const number = (last.get(base) ?? 0) + 1;
    last.set(base, number);
    if (number === 1) return base;
    // Somebody has asked for a slug with the last number: from here on chance must do.
    return `${base}-${number > LAST_NUMBER ? randomBytes(4).toString('hex') : number}`;
  });
}
