const GLOBAL_ID = /^[a-z]{1,20}_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/;
// New in each answer, and of no one else's form.
const LEFT_OUT: ReadonlySet<string> = new Set(['endCursor', 'userErrors', '__typename']);

/**
 * An answer in the form that all servers can be compared in: ids are UUIDs, amounts are whole minor units (two decimals), instants are in UTC,
 * attributes are one object, keys are in order.
 */
export function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return isFacts(value) ? factsOf(value) : value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (typeof fields.amount === 'string' && fields.currency !== undefined) return minorOf(fields.amount);
  return Object.fromEntries(
    Object.keys(fields)
      .filter((key) => !LEFT_OUT.has(key))
      .toSorted()
      .map((key) => [key, plain(fields[key])]),
  );
}

/** The same without what is new in each order. */
export function withoutNew(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNew);
  if (typeof value !== 'object' || value === null) return value;
  const { id: _, number: __, placedAt: ___, variant, ...others } = value as Record<string, unknown>;
  const rest = Object.fromEntries(Object.entries(others).map(([key, inner]) => [key, withoutNew(inner)]));
  // What was bought is known before.
  return variant === undefined ? rest : { ...rest, variant };
}

interface Fact {
  name: string;
  value: string;
}

function isFacts(values: readonly unknown[]): values is Fact[] {
  return (
    values.length > 0 &&
    values.every(
      (one) =>
        Object.keys(one as Fact)
          .toSorted()
          .join() === 'name,value',
    )
  );
}

function factsOf(facts: readonly Fact[]): unknown {
  return plain(Object.fromEntries(facts.map(({ name, value }) => [name, value])));
}

function plainText(text: string): string {
  const [, ...groups] = GLOBAL_ID.exec(text) ?? [];
  if (groups.length > 0) return groups.join('-');
  return INSTANT.test(text) ? new Date(text).toISOString() : text;
}

function minorOf(amount: string): number {
  return Number(amount.replace('.', ''));
}
