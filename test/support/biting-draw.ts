import { pick, seeded } from './catalogue.js';
import type { Shop } from './shop.js';

/** Texts that quoting, escaping, collations and halves of characters bite. */
export const BITING = [
  `O'Neill "the" \\ lamp`,
  '<b>&amp;</b>\u2028\u2029</script>',
  '😀 lamp 👩‍👩‍👧',
  '\uFF1A full width',
  'Zero\u200Bwidth \u202E right to left',
  'control \u0001\b\f\n\r\t\u001F\u007F\u0085',
  'Ünïcödé ﬁ Straße İ ı',
  '%_\\%_ $1 $$ ${x} {{y}}',
  '/* -- */ ; DROP TABLE',
  'constructor',
  '__proto__',
  '10',
  '9',
  ' ',
  'null',
  'lamp',
  'Lamp',
];

/** Amounts that bite, in minor units. */
export const AMOUNTS = [0, 1, 5, 99, 100, 101, 123_456, 9_000_000_000_000];

/** A row of a table, by the names of its columns. */
export type Row = Record<string, unknown>;

/** Values by chance, the same ones for the same seed. */
export class BitingDraw {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seeded(seed);
  }

  some<T>(items: readonly T[]): T {
    return pick(this.random, items);
  }

  text(): string {
    return this.some(BITING);
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16)).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  /** A value or `null`. */
  perhaps<T>(part: number, value: () => T): T | null {
    return this.random() < part ? value() : null;
  }

  /** Up to so many. */
  several<T>(most: number, make: (n: number) => T): T[] {
    return Array.from({ length: this.below(most + 1) }, (_, n) => make(n));
  }

  /** With microseconds, and often the same one. */
  instant(): string {
    const time = new Date(Date.UTC(2026, 0, 1 + this.below(9), 1, 2, 3, this.below(2) * 7));
    return time.toISOString().replace('Z', '456Z');
  }
}

/** Writes rows of one table, which all name the same columns. */
export async function insertRows(shop: Shop, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  const sql = `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1)`;
  if (rows.length > 0) await shop.database.query(`test.insert.${table}`, sql, [JSON.stringify(rows)]);
}
