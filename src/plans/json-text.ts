import { getNamedType, getNullableType, isEnumType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql';
import { constantOf, literal } from './sql-json.js';

/** Texts of these never need an escape: the shapes make them of letters, digits and a few signs. */
const PLAIN = new Set(['ID', 'Cursor', 'DateTime', 'Decimal']);
const BARE = new Set(['Boolean', 'Int']);
const LONGEST_CHAIN = 100;

/** A text of JSON while its SQL is written: what is known already, and between it what PostgreSQL fills in. */
export class JsonText {
  private readonly parts: ({ known: string } | { sql: string })[] = [];

  /** Adds text that is known. */
  known(text: string): this {
    const last = this.parts.at(-1);
    if (last && 'known' in last) last.known += text;
    else this.parts.push({ known: text });
    return this;
  }

  /** Adds SQL of a text that is not null. */
  sql(sql: string): this {
    this.parts.push({ sql });
    return this;
  }

  /** Adds another text. */
  text(other: JsonText): this {
    for (const part of other.parts) {
      if ('known' in part) this.known(part.known);
      else this.sql(part.sql);
    }
    return this;
  }

  /** SQL of an object or a list of objects. @param sql of its text, `null` for none */
  composite(sql: string): this {
    return this.sql(`coalesce(${sql}, 'null')`);
  }

  /** SQL of a scalar, an enum or a list of these. @param sql of the value as PostgreSQL knows it */
  leaf(type: GraphQLOutputType, sql: string): this {
    const nullable = getNullableType(type);
    if (isListType(nullable)) return this.composite(`to_json(${sql})::text`);
    const constant = constantOf(sql);
    if (constant !== null) return this.known(JSON.stringify(constant));
    const { name } = getNamedType(type);
    if (BARE.has(name)) return this.composite(`(${sql})::text`);
    if (!isEnumType(nullable) && !PLAIN.has(name)) return this.composite(`to_json(${sql})::text`);
    return isNonNullType(type) ? this.known('"').sql(`(${sql})`).known('"') : this.composite(`'"' || (${sql}) || '"'`);
  }

  /** SQL of the whole text, null when a part of it is. */
  toSql(): string {
    return concatenated(this.parts.map((part) => ('known' in part ? literal(part.known) : part.sql)));
  }
}

// PostgreSQL walks through expressions by recursion, so that a text of thousands of parts must not be one chain. Of two, it
// copies less than `concat` does of the same texts.
function concatenated(parts: readonly string[]): string {
  if (parts.length <= LONGEST_CHAIN) return `(${parts.join(' || ')})`;
  const chains = Array.from({ length: Math.ceil(parts.length / LONGEST_CHAIN) }, (_, n) =>
    concatenated(parts.slice(n * LONGEST_CHAIN, (n + 1) * LONGEST_CHAIN)),
  );
  return concatenated(chains);
}
