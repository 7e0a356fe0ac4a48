import { MAX_VARIANTS } from '../products/products.errors.js';
import type { ProductValues, StoredProduct, StoredVariant } from '../products/products.bulk.js';
import { ProductStatus } from '../products/product.type.js';
import { TaxClass } from '../products/tax-class.type.js';
import { listedUrl } from '../files/cell-text.js';
import { BadRow } from '../files/files.errors.js';
import type { ProductRowOfFile, RowDetails } from './product-rows.js';

/** A variant that a row adds or changes. */
export interface VariantDraft {
  /** As it was found; `null` when it is new. */
  stored: StoredVariant | null;
  sku: string;
  /** `null` when nobody has named it. */
  title: string | null;
  options: StoredVariant['options'];
  priceMinor: number;
  compareAtMinor: number | null;
  weightGrams: number;
  taxClass: TaxClass;
  position: number;
  /** Something of the above is not as it was found. */
  changed: boolean;
  /** Units that there are to be; `null` leaves them as they are. */
  onHand: number | null;
}

/** A product with all that the rows of one batch change of it. */
export interface ProductDraft {
  /** As it was found; `null` when it is new. */
  stored: StoredProduct | null;
  /** `null` for a new product without a slug of its own. */
  slug: string | null;
  values: ProductValues;
  /** The values are not as they were found. */
  changed: boolean;
  /** The row that said first what the product is; `null` while there was none. */
  firstLine: number | null;
  /** Variants that were found, and those that are new. */
  variantCount: number;
  nextPosition: number;
  skuOfOptions: Map<string, string>;
  /** What is to be written. */
  variants: VariantDraft[];
}

/** What a plan has to ask about the rest of the shop and of the file. */
export interface PlanContext {
  /** Categories that the names lead to, at least one. */
  categoryIds(names: readonly string[]): readonly string[];
  /** The line of an earlier batch that said first what the product is, or `null`. */
  firstLineOf(productId: string): number | null;
  /** Units of new variants whose row does not tell. */
  defaultStock: number;
}

/** How a row turned out. */
export type RowFate = 'created' | 'updated' | 'unchanged';

const NOTHING_SAID: ProductValues = {
  name: '',
  description: '',
  status: ProductStatus.ACTIVE,
  categoryId: null,
  attributes: {},
  images: [],
  unitsSold: 0,
};

/** Finds out what the rows of one batch change. It reads and writes nothing: what it is given is all there is. */
export class ProductPlan {
  /** Products that some row was about, in the order of the rows. */
  readonly drafts = new Set<ProductDraft>();
  private readonly bySlug = new Map<string, ProductDraft>();
  private readonly bySku = new Map<string, { draft: ProductDraft; variant: StoredVariant }>();

  constructor(
    products: readonly StoredProduct[],
    variants: readonly StoredVariant[],
    private readonly context: PlanContext,
  ) {
    const byId = new Map<string, ProductDraft>();
    for (const stored of products) {
      const draft = newDraft(stored, stored.slug, context.firstLineOf(stored.id));
      byId.set(stored.id, draft);
      this.bySlug.set(stored.slug, draft);
    }
    for (const variant of variants) {
      const draft = byId.get(variant.productId);
      if (!draft) continue;
      this.bySku.set(variant.sku, { draft, variant });
      draft.variantCount += 1;
      draft.nextPosition = Math.max(draft.nextPosition, variant.position + 1);
      draft.skuOfOptions.set(optionsKey(variant.options), variant.sku);
    }
  }

  /** Takes a row in. @throws BadRow when it does not fit; then it leaves no trace. */
  add(row: ProductRowOfFile): RowFate {
    const found = this.bySku.get(row.sku);
    const draft = this.draftOf(row, found?.draft);
    const values = this.changedValues(row, draft);
    const variant = found ? changedVariant(row, draft, found.variant) : this.newVariant(row, draft);

    this.drafts.add(draft);
    if (draft.slug !== null) this.bySlug.set(draft.slug, draft);
    draft.firstLine ??= row.line;
    if (Object.keys(values).length > 0) {
      draft.values = { ...draft.values, ...values };
      draft.changed = true;
    }
    if (variant.changed) draft.skuOfOptions.set(optionsKey(variant.options), variant.sku);
    if (variant.changed || variant.onHand !== null) draft.variants.push(variant);
    if (found) return draft.variants.includes(variant) || Object.keys(values).length > 0 ? 'updated' : 'unchanged';
    draft.variantCount += 1;
    draft.nextPosition += 1;
    return 'created';
  }

  /** The product that a row is about: named by its slug, else the one that has the SKU, else a new one. */
  private draftOf({ sku, product, details }: ProductRowOfFile, bySku: ProductDraft | undefined): ProductDraft {
    const bySlug = product === undefined ? undefined : this.bySlug.get(product);
    if (bySku && product !== undefined && bySku !== bySlug) {
      throw new BadRow(`sku: ${sku} belongs to the product "${bySku.slug}"`);
    }
    const found = bySku ?? bySlug;
    if (found) return found;
    if (details.name === undefined) throw new BadRow('name: is missing, and the product is new');
    return newDraft(null, product ?? null, null);
  }

  /** What the row says about the product and is not so yet. Only the product's first row may say something new. */
  private changedValues({ details }: ProductRowOfFile, draft: ProductDraft): Partial<ProductValues> {
    const changes = differences(details, draft.values, this.context);
    const [column] = Object.keys(changes);
    if (draft.firstLine !== null && column !== undefined) {
      throw new BadRow(`${column}: is not what line ${draft.firstLine} says about the same product`);
    }
    return Object.assign({}, ...Object.values(changes)) as Partial<ProductValues>;
  }

  private newVariant(row: ProductRowOfFile, draft: ProductDraft): VariantDraft {
    const options = row.options ?? [];
    if (draft.variantCount >= MAX_VARIANTS) throw new BadRow(`sku: the product has ${MAX_VARIANTS} variants already`);
    refuseTakenOptions(options, row.sku, draft);
    return {
      stored: null,
      sku: row.sku,
      title: row.title ?? null,
      options,
      priceMinor: row.priceMinor,
      compareAtMinor: row.compareAtMinor ?? null,
      weightGrams: row.weightGrams ?? 0,
      taxClass: row.taxClass ?? TaxClass.STANDARD,
      position: draft.nextPosition,
      changed: true,
      onHand: row.stock ?? this.context.defaultStock,
    };
  }
}

function newDraft(stored: StoredProduct | null, slug: string | null, firstLine: number | null): ProductDraft {
  return {
    stored,
    slug,
    values: stored ?? NOTHING_SAID,
    changed: false,
    firstLine,
    variantCount: 0,
    nextPosition: 0,
    skuOfOptions: new Map(),
    variants: [],
  };
}

function changedVariant(row: ProductRowOfFile, draft: ProductDraft, stored: StoredVariant): VariantDraft {
  const sameTitle = row.title === undefined || row.title === stored.title;
  const next = {
    title: sameTitle ? stored.title : (row.title ?? null),
    options: row.options ?? stored.options,
    priceMinor: row.priceMinor,
    compareAtMinor: row.compareAtMinor === undefined ? stored.compareAtMinor : row.compareAtMinor,
    weightGrams: row.weightGrams ?? stored.weightGrams,
    taxClass: row.taxClass ?? stored.taxClass,
  };
  const newOptions = optionsKey(next.options) !== optionsKey(stored.options);
  if (newOptions) refuseTakenOptions(next.options, row.sku, draft);
  if (row.stock !== undefined && row.stock < stored.reserved) {
    throw new BadRow(`stock: ${stored.reserved} units are promised to customers, so ${row.stock} are too few`);
  }
  const samePrices = next.priceMinor === stored.priceMinor && next.compareAtMinor === stored.compareAtMinor;
  const sameTerms = next.weightGrams === stored.weightGrams && next.taxClass === stored.taxClass;
  return {
    ...next,
    stored,
    sku: stored.sku,
    position: stored.position,
    changed: !sameTitle || newOptions || !samePrices || !sameTerms,
    onHand: row.stock === undefined || row.stock === stored.onHand ? null : row.stock,
  };
}

/** Also options that a variant of the product had before the batch count as taken: two variants cannot swap in one statement. */
function refuseTakenOptions(options: StoredVariant['options'], sku: string, draft: ProductDraft): void {
  const other = draft.skuOfOptions.get(optionsKey(options));
  if (other !== undefined && other !== sku)
    throw new BadRow(`options: are those of ${other}, another variant of the product`);
}

function optionsKey(options: StoredVariant['options']): string {
  return JSON.stringify(options.map(({ name, value }) => [name, value]));
}

/** What a row says that is not so, by the names of the columns. */
function differences(
  row: RowDetails,
  values: ProductValues,
  context: PlanContext,
): Partial<Record<keyof RowDetails, Partial<ProductValues>>> {
  const changes: Partial<Record<keyof RowDetails, Partial<ProductValues>>> = {};
  const { name, description, status } = row;
  if (name !== undefined && name !== values.name) changes.name = { name };
  if (description !== undefined && description !== values.description) changes.description = { description };
  if (row.category) {
    const ids = context.categoryIds(row.category);
    if (!ids.some((id) => id === values.categoryId)) changes.category = { categoryId: ids[0] };
  }
  if (status !== undefined && status !== values.status) changes.status = { status };
  if (row.attributes && !sameRecord(row.attributes, values.attributes)) {
    changes.attributes = { attributes: row.attributes };
  }
  if (
    row.images &&
    !sameList(
      row.images.map(listedUrl),
      values.images.map(({ url }) => listedUrl(url)),
    )
  ) {
    const altOf = new Map(values.images.map(({ url, alt }) => [url, alt]));
    changes.images = { images: row.images.map((url) => ({ url, alt: altOf.get(url) ?? '' })) };
  }
  if (row.units_sold !== undefined && row.units_sold !== values.unitsSold) {
    changes.units_sold = { unitsSold: row.units_sold };
  }
  return changes;
}

function sameRecord(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
