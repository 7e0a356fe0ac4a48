import { BadUserInput } from '../errors/request-errors.js';
import { parseMinor } from '../money/money.js';
import { visible, type Sight } from '../products/products.columns.js';
import type { PriceRangeFilter, ProductFilter } from './catalogue.inputs.js';

const MAX_CONDITIONS = 50;

/**
 * Turns a filter into a condition on `products p`. Visibility is always part of it.
 * Values never become SQL text: each is bound as a parameter.
 */
export class ProductConditions {
  private count = 0;

  /** @param bind takes a parameter and answers its placeholder */
  constructor(
    private readonly bind: (value: unknown) => string,
    private readonly currency: string,
  ) {}

  /** @throws BadUserInput when the filter nests too much or a price is none */
  of(filter: ProductFilter | null | undefined, sight: Sight): string {
    return `${visible(sight)} AND ${this.all(filter)}`;
  }

  private all(filter: ProductFilter | null | undefined): string {
    const conditions = [...this.parts(filter ?? {})];
    this.count += conditions.length;
    if (this.count > MAX_CONDITIONS) {
      throw new BadUserInput([{ path: 'filter', message: `has more than ${MAX_CONDITIONS} conditions` }]);
    }
    return conditions.length === 0 ? 'TRUE' : `(${conditions.join(' AND ')})`;
  }

  private *parts(filter: ProductFilter): Iterable<string> {
    const { bind } = this;
    if (filter.categoryId != null) yield this.inCategory(bind(filter.categoryId), filter.includeSubcategories ?? false);
    if (filter.price) yield* this.inPriceRange(filter.price);
    if (filter.inStock != null) yield filter.inStock ? 'p.in_stock' : 'NOT p.in_stock';
    if (filter.status != null) yield `p.status = ${bind(filter.status)}`;
    for (const { name, values } of filter.attributes ?? []) {
      // One containment test for each value: the index answers those.
      yield `(${values.map((value) => `p.attributes @> ${bind(JSON.stringify({ [name]: value }))}::jsonb`).join(' OR ')})`;
    }
    if (filter.ids) yield `p.id = ANY(${bind(filter.ids)}::uuid[])`;
    if (filter.createdAfter) yield `p.created_at > ${bind(filter.createdAfter)}`;
    if (filter.and?.length) yield filter.and.map((inner) => this.all(inner)).join(' AND ');
    if (filter.or?.length) yield `(${filter.or.map((inner) => this.all(inner)).join(' OR ')})`;
    if (filter.not) yield `NOT coalesce(${this.all(filter.not)}, false)`;
  }

  /** @param category SQL of the category's id */
  inCategory(category: string, withSubcategories: boolean): string {
    return withSubcategories
      ? `p.category_id IN (SELECT cc.descendant_id FROM category_closure cc WHERE cc.ancestor_id = ${category})`
      : `p.category_id = ${category}`;
  }

  // The summary in the row decides for nearly all products; only one with prices on both sides of the range needs a look.
  private *inPriceRange(range: PriceRangeFilter): Iterable<string> {
    const min = range.min == null ? null : this.bind(this.minor(range.min, 'min'));
    const max = range.max == null ? null : this.bind(this.minor(range.max, 'max'));
    if (min !== null) yield `p.max_price_minor >= ${min}`;
    if (max !== null) yield `p.min_price_minor <= ${max}`;
    if (min === null || max === null) return;
    yield `(p.min_price_minor >= ${min} OR p.max_price_minor <= ${max} OR EXISTS (
      SELECT FROM product_variants v WHERE v.product_id = p.id AND v.price_minor BETWEEN ${min} AND ${max}))`;
  }

  private minor(amount: string, end: string): number {
    const minor = parseMinor(amount, this.currency);
    if (minor === null) {
      throw new BadUserInput([{ path: `filter.price.${end}`, message: `must be an amount of ${this.currency}` }]);
    }
    return minor;
  }
}
