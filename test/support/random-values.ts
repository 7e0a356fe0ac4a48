import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLArgument,
  type GraphQLInputType,
} from 'graphql';
import { toGlobalId } from '../../src/graphql/global-id.js';
import type { Content } from './biting-data.js';
import { BITING } from './biting-draw.js';
import { pick } from './catalogue.js';

type Random = () => number;
type Args = Record<string, unknown>;

const ANY_KIND = ['product', 'variant', 'category', 'user', 'order', 'address', 'cart', 'cloud'] as const;
/** Kinds of ids by the names of the arguments and fields that take them. */
const KINDS: Record<string, string> = {
  ProductBy: 'product',
  CategoryBy: 'category',
  OrderBy: 'order',
  categoryId: 'category',
  customerId: 'user',
  variantId: 'variant',
  'user.id': 'user',
  'productVariants.ids': 'variant',
  'ProductFilter.ids': 'product',
};
/** How the cursors of each list begin. */
const LISTS: Record<string, string> = {
  products: '["products:',
  search: '["search:',
  orders: '["orders"',
  users: '["users:',
  stockMovements: '["stockMovements"',
};

/** Values for arguments, by chance: mostly good ones. */
export class RandomValues {
  /** Contents of cursors that were seen in answers, with the cursors. */
  private readonly cursors = new Map<string, string>();

  constructor(
    private readonly random: Random,
    private readonly content: Content,
  ) {}

  /** Remembers the cursors in an answer. */
  learn(answer: string): void {
    for (const [cursor] of answer.matchAll(/WyJ[\w-]{10,}/g)) {
      this.cursors.set(Buffer.from(cursor, 'base64url').toString(), cursor);
    }
  }

  /** Arguments of a field; names that are left out are not sent. */
  of(field: string, args: readonly GraphQLArgument[]): Args {
    const values: Args = {};
    for (const { name, type } of args) {
      if (isNonNullType(type) ? args.length > 0 : this.chance(0.4)) values[name] = this.value(type, name, field, 0);
    }
    return { ...values, ...(args.some(({ name }) => name === 'after') ? this.page(field) : {}) };
  }

  private page(field: string): Args {
    const none = { first: undefined, after: undefined, last: undefined, before: undefined, skip: undefined };
    const size = (): unknown =>
      this.chance(0.05) ? null : this.one([1, 2, 3, 5, 7, 20, 100, ...(this.chance(0.05) ? [0, -1, 101] : [])]);
    const known = [...this.cursors].filter(([content]) => content.startsWith(LISTS[field] ?? ''));
    const [content, cursor] = (known.length > 0 && this.one(known)) || ['', undefined];
    const [, sortField, direction] = /:([A-Z_]+):(ASC|DESC)/.exec(content) ?? [];
    const sort = sortField && this.chance(0.97) ? { sort: { field: sortField, direction } } : {};
    const wrong = this.chance(0.02) ? this.one([this.text(), 'WyJ4Il0', [...this.cursors.values()][0] ?? '']) : cursor;
    switch (this.chance(0.97) ? Math.floor(this.random() * 9) : 9) {
      case 0:
      case 1:
        return none;
      case 2:
      case 3:
        return { ...none, first: size() };
      case 4:
      case 5:
        return { ...none, ...sort, first: size(), after: wrong };
      case 6:
        return { ...none, ...sort, last: size(), before: wrong };
      case 7:
        return { ...none, last: size() };
      case 8:
        return { ...none, first: size(), skip: this.one([0, 1, 2, 5, 40, 500, 10_000]) };
      default:
        return this.chance(0.7)
          ? { ...none, before: wrong }
          : { ...none, first: 2, last: size(), skip: this.one([-1, 3, 10_001]) };
    }
  }

  private value(type: GraphQLInputType, name: string, owner: string, depth: number): unknown {
    if (!isNonNullType(type) && this.chance(0.06)) return null;
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const most = name === 'ids' && this.chance(0.01) ? 101 : 4;
      const length = this.chance(name === 'values' ? 0.01 : 0.1) ? 0 : 1 + Math.floor(this.random() * most);
      return Array.from({ length }, () => this.value(nullable.ofType, name, owner, depth + 1));
    }
    if (isEnumType(nullable)) return this.one(nullable.getValues()).name;
    if (isInputObjectType(nullable)) {
      const fields = Object.values(nullable.getFields());
      if (nullable.isOneOf) {
        const chosen = this.one(fields);
        const more = this.chance(0.03) ? [this.one(fields)] : [];
        return this.object([chosen, ...more], nullable.name, depth);
      }
      const part = depth > 1 ? 0.12 : 0.25;
      return this.object(
        fields.filter((field) => isNonNullType(field.type) || this.chance(part)),
        nullable.name,
        depth,
      );
    }
    if (this.chance(0.004)) return this.one([1.5, 'text', true, {}, [], 3_000_000_000]);
    return this.scalar(nullable.name, name, owner);
  }

  private object(fields: readonly { name: string; type: GraphQLInputType }[], owner: string, depth: number): Args {
    const inner = owner === 'GuestOrderInput' ? this.one(this.content.orders) : {};
    return {
      ...Object.fromEntries(
        fields.map(({ name, type }) => {
          const required = owner.endsWith('By') && isInputObjectType(getNullableType(type));
          return [name, this.value(type, name, owner, required ? 0 : depth + 1) ?? (owner.endsWith('By') ? 'x' : null)];
        }),
      ),
      ...(this.chance(0.9) ? inner : {}),
    };
  }

  private scalar(type: string, name: string, owner: string): unknown {
    switch (type) {
      case 'ID':
        return this.id(KINDS[`${owner}.${name}`] ?? KINDS[name] ?? KINDS[owner]);
      case 'Int':
        return name === 'first'
          ? this.one([1, 2, 4, 5, 8, 20, ...(this.chance(0.05) ? [0, 21] : [])])
          : Math.floor(this.random() * 5);
      case 'Boolean':
        return this.chance(0.5);
      case 'Decimal':
        return this.one(['0', '1', '0.5', '1.00', '12.345', '-3', '90000000000', '90000000001', '0.001']);
      case 'DateTime':
        if (this.chance(0.03)) return '2026-13-01';
        return this.one(['2026-01-03T01:02:03.000Z', '2026-01-05T01:02:03.007Z', '2026-01-05T03:02:03+02:00']);
      case 'Cursor':
        return 'WyJ4Il0';
      default:
        return this.string(name, owner);
    }
  }

  private string(name: string, owner: string): string {
    const { slugs, categorySlugs, skus, orders, attributes } = this.content;
    if (this.chance(0.03)) return this.one(['', 'x'.repeat(600), this.text()]);
    if (name === 'slug') return this.one(owner === 'CategoryBy' ? categorySlugs : slugs);
    if (name === 'sku') return this.one(skus);
    if (name === 'number')
      return this.chance(0.5) ? this.one(orders).number : ` ${this.one(orders).number.toLowerCase()} `;
    if (name === 'email') return this.one(orders).email;
    if (owner === 'AttributeFilter') {
      const { name: attribute, value } = this.one(attributes);
      return name === 'name' ? attribute : value;
    }
    return this.one(['lamp', 'lamp 1', 'lam', 'lmap', 'full width', "O'Neill", 'a', 'example', '%', this.text()]);
  }

  private id(kind: string | undefined): string {
    const kinds = kind && this.chance(0.97) ? [kind] : ANY_KIND;
    const chosen = this.one(kinds);
    if (this.chance(0.02)) return this.one(['', 'product', 'PRODUCT_1', this.text(), 'x'.repeat(101)]);
    const known = (this.content.ids as Record<string, string[] | undefined>)[chosen] ?? [];
    const uuid = known.length === 0 || this.chance(0.07) ? '0198f2c4-d1e2-7abc-8def-0123456789ab' : this.one(known);
    return toGlobalId(chosen, uuid);
  }

  private text(): string {
    return this.one(BITING);
  }

  private chance(part: number): boolean {
    return this.random() < part;
  }

  private one<T>(items: readonly T[]): T {
    return pick(this.random, items);
  }
}
