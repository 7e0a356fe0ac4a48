/** The columns of `products p` that make a ProductRow. */
export const PRODUCT_COLUMNS = `p.id, p.slug, p.name, p.description, p.status, p.category_id AS "categoryId", p.attributes, p.images,
  p.created_by AS "createdById", p.min_price_minor AS "minPriceMinor", p.max_price_minor AS "maxPriceMinor",
  p.in_stock AS "inStock", p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

/** The columns of `product_variants v` that make a VariantRow. */
export const VARIANT_COLUMNS = `v.id, v.product_id AS "productId", v.sku, v.title, v.options AS "selectedOptions",
  v.price_minor AS "priceMinor", v.compare_at_minor AS "compareAtMinor", v.currency,
  v.weight_grams AS "weightGrams", v.tax_class AS "taxClass", v.version, v.created_at AS "createdAt", v.updated_at AS "updatedAt"`;

/** Order of the variants of one product. */
export const VARIANT_ORDER = 'v.position, v.id';

/** Who looks at the catalogue: staff see everything, everybody else ACTIVE products only. */
export interface Sight {
  staff: boolean;
}

/** The condition on `products p` that hides what somebody may not know of. Part of every statement that finds products. */
export function visible({ staff }: Sight): string {
  return staff ? 'TRUE' : `p.status = 'ACTIVE'`;
}
