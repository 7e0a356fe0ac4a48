import { plain, withoutNew } from '../content.ts';
import type { Kind } from '../work.ts';

type Fields = Record<string, unknown>;

// BigInt of the schema: texts on the wire.
const AMOUNTS: ReadonlySet<string> = new Set(
  `unitPrice discount price compareAtPrice subtotal discountTotal shippingTotal taxTotal total amount minPriceMinor maxPriceMinor`.split(
    ' ',
  ),
);
const LISTS: ReadonlySet<string> = new Set(['lines', 'variants', 'children', 'payments']);

/** What an answer of PostGraphile says, in the form of all servers. @throws Error for an error */
export function postgraphileContent(kind: Kind, answer: unknown): unknown {
  const { data, errors } = answer as { data?: { answer?: Fields | null }; errors?: unknown };
  if (errors !== undefined || !data?.answer) throw new Error(JSON.stringify(answer));
  const content = shopForm(data.answer) as Fields;
  if (kind === 'productPage') return plain({ ...content, category: withAncestors(content.category as Category) });
  return kind === 'order' ? withoutNew(plain(withPayment(content))) : plain(content);
}

function shopForm(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shopForm);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shopField(key, inner)]));
  return withLineTotal(withPriceRange(withAvailability(fields)));
}

function shopField(key: string, value: unknown): unknown {
  if (AMOUNTS.has(key)) return value === null ? null : Number(value);
  return shopForm(LISTS.has(key) ? (value as { nodes: unknown[] }).nodes : value);
}

function withPriceRange({ minPriceMinor: min, maxPriceMinor: max, ...fields }: Fields): Fields {
  return min === undefined ? fields : { ...fields, priceRange: { min, max } };
}

function withAvailability({ stock, ...fields }: Fields): Fields {
  if (stock === undefined) return fields;
  const { onHand, reserved } = stock as { onHand: number; reserved: number };
  return { ...fields, inStock: onHand > reserved, availableQuantity: onHand - reserved };
}

function withLineTotal(fields: Fields): Fields {
  if (fields.unitPrice === undefined) return fields;
  const { unitPrice, quantity, discount } = fields as Record<string, number>;
  return { ...fields, lineTotal: (unitPrice ?? 0) * (quantity ?? 0) - (discount ?? 0) };
}

type Category = Fields & { parent: Category | null };

function withAncestors({ parent, ...category }: Category): Fields {
  const ancestors: Fields[] = [];
  for (let up = parent; up; up = up.parent ?? null) {
    const { parent: _, ...link } = up;
    ancestors.unshift(link);
  }
  return { ...category, ancestors };
}

function withPayment({ order }: Fields): Fields {
  const { payments, ...others } = order as { payments: unknown[] };
  return { order: others, payment: payments[0] };
}
