type Element = 'uuid' | 'integer' | 'text';

/**
 * SQL of a parameter that is a list, at whose length PostgreSQL does not look when it plans. It would plan the statement anew
 * each time, since a few looks cheaper than the unknown number of a plan that is kept, and that takes longer than the work.
 * @param placeholder such as `$1`
 * @see https://www.postgresql.org/docs/18/sql-prepare.html, on generic and custom plans
 */
export function listParameter(placeholder: string, type: Element = 'uuid'): string {
  return `(SELECT ${placeholder}::${type}[])::${type}[]`;
}
