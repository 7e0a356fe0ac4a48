import { getNamedType, getNullableType, isEnumType, isListType, isNonNullType, type GraphQLOutputType } from 'graphql';
import { constantOf, literal } from './sql-json.js';

/** Texts of these never need an escape: the shapes make them of letters, digits and a few signs. */
const PLAIN = new Set(['ID', 'Cursor', 'DateTime', 'Decimal']);
const BARE = new Set(['Boolean', 'Int']);
/** PostgreSQL takes at most 100 arguments. */
const MOST_ARGUMENTS = 100;

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

  /** Adds SQL of a text, whose null counts as the empty text. */
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
    return isNonNullType(type) ? this.known('"').sql(sql).known('"') : this.composite(`'"' || (${sql}) || '"'`);
  }

  /** SQL of the whole text, never null. */
  toSql(): string {
    return concatenated(this.parts.map((part) => ('known' in part ? literal(part.known) : part.sql)));
  }
}

function concatenated(args: readonly string[]): string {
  if (args.length <= MOST_ARGUMENTS) return `concat(${args.join(', ')})`;
  const chunks = Array.from({ length: Math.ceil(args.length / MOST_ARGUMENTS) }, (_, n) =>
    concatenated(args.slice(n * MOST_ARGUMENTS, (n + 1) * MOST_ARGUMENTS)),
  );
  return concatenated(chunks);
}
