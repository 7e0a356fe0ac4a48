import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { Tx } from '../database/db.js';
import { freeSlugs } from '../database/slug.js';
import type { NewEvent } from '../events/event.js';
import { EventsService } from '../events/events.service.js';
import { productEvent, ProductEventType, type ProductSnapshot } from '../products/products.events.js';
import { ProductsBulk } from '../products/products.bulk.js';
import { ProductStatus } from '../products/product.type.js';
import { StockService } from '../stock/stock.service.js';
import { StockReason, type StockChange } from '../stock/stock.type.js';
import type { ProductDraft, ProductPlan, VariantDraft } from './product-plan.js';

/** A product of a plan that is in the table by now, with the ids of its variants by their SKUs. */
interface Written {
  draft: ProductDraft;
  id: string;
  variantIds: Map<string, string>;
}

/** Writes what a plan has found out, all of it in a handful of statements, and tells what has changed. */
@Injectable()
export class ProductWriter {
  constructor(
    private readonly config: Config,
    private readonly events: EventsService,
    private readonly stock: StockService,
    private readonly queries: ProductsBulk,
  ) {}

  /**
   * Answers the id of each product that some row was about. The products that were found are locked by now.
   * @param actorId who moves the stock; `null` for the system
   */
  async write(tx: Tx, plan: ProductPlan, actorId: string | null): Promise<Map<ProductDraft, string>> {
    const drafts = [...plan.drafts];
    const ids = await this.insertProducts(tx, drafts);
    for (const draft of drafts) if (draft.stored) ids.set(draft, draft.stored.id);
    const touched = drafts.filter((draft) => draft.changed || draft.variants.length > 0);
    const written = touched.map((draft) => ({
      draft,
      id: ids.get(draft) ?? '',
      variantIds: new Map<string, string>(),
    }));
    if (written.length === 0) return ids;
    await this.updateProducts(tx, written);
    await this.writeVariants(tx, written);
    const stockChanges = await this.writeStock(tx, written, actorId);
    const snapshots = await this.summarize(tx, written);
    const events = written.flatMap((product) => eventsOf(product, snapshots.get(product.id), stockChanges));
    await this.events.append(tx, ...events);
    return ids;
  }

  /** Those with a slug of their own first: the others take what is free after that. */
  private async insertProducts(tx: Tx, drafts: readonly ProductDraft[]): Promise<Map<ProductDraft, string>> {
    const ids = new Map<ProductDraft, string>();
    const named = drafts.flatMap((draft) => (draft.stored || draft.slug === null ? [] : [{ draft, slug: draft.slug }]));
    if (named.length > 0) {
      const rows = named.map(({ draft, slug }) => ({ ...draft.values, slug }));
      const idOfSlug = new Map((await this.queries.insertProducts(tx, rows)).map(({ id, slug }) => [slug, id]));
      for (const { draft, slug } of named) ids.set(draft, idOfSlug.get(slug) ?? '');
    }
    const nameless = drafts.filter((draft) => !draft.stored && draft.slug === null);
    for (let waiting = nameless; waiting.length > 0; waiting = nameless.filter((draft) => !ids.has(draft))) {
      const names = waiting.map((draft) => draft.values.name);
      const slugs = await freeSlugs(tx, 'products', names);
      const rows = waiting.map((draft, index) => ({ ...draft.values, slug: slugs[index] ?? '' }));
      // Two names may lead to one slug: who does not get it asks again.
      for (const { id, slug } of await this.queries.insertWhereFree(tx, rows)) {
        const first = waiting[slugs.indexOf(slug)];
        if (first) ids.set(first, id);
      }
    }
    return ids;
  }

  private async updateProducts(tx: Tx, written: readonly Written[]): Promise<void> {
    const products = written.flatMap(({ draft: { stored, changed, values } }) =>
      stored && changed ? [{ ...stored, ...values }] : [],
    );
    if (products.length > 0) await this.queries.updateProducts(tx, products);
  }

  private async writeVariants(tx: Tx, written: readonly Written[]): Promise<void> {
    const added = written.flatMap((product) =>
      product.draft.variants.flatMap((variant) => (variant.stored ? [] : [{ product, variant }])),
    );
    if (added.length > 0) {
      const currency = this.config.shopCurrency;
      const rows = added.map(({ product: { id: productId }, variant }) => {
        const { sku, title, options, priceMinor, compareAtMinor, weightGrams, taxClass, position } = variant;
        const goods = { sku, title, options, weightGrams, taxClass, position };
        return { ...goods, productId, priceMinor, compareAtMinor, currency };
      });
      const idOfSku = new Map((await this.queries.insertVariants(tx, rows)).map(({ id, sku }) => [sku, id]));
      for (const { product, variant } of added) product.variantIds.set(variant.sku, idOfSku.get(variant.sku) ?? '');
    }
    const changed = written.flatMap(({ draft }) =>
      draft.variants.flatMap(({ stored, changed: differs, ...values }) =>
        stored && differs ? [{ ...stored, ...values, title: values.title ?? stored.title, onHand: stored.onHand }] : [],
      ),
    );
    if (changed.length > 0) await this.queries.updateVariants(tx, changed);
    for (const { draft, variantIds } of written) {
      for (const { stored, sku } of draft.variants) if (stored) variantIds.set(sku, stored.id);
    }
  }

  private async writeStock(
    tx: Tx,
    written: readonly Written[],
    actorId: string | null,
  ): Promise<Map<string, StockChange>> {
    const levels = written.flatMap(({ draft, variantIds }) =>
      draft.variants.flatMap(({ sku, onHand }) =>
        onHand === null ? [] : [{ variantId: variantIds.get(sku) ?? '', onHand }],
      ),
    );
    const changes = await this.stock.set(tx, levels, { reason: StockReason.IMPORT, note: null, actorId });
    return new Map(changes.map((change) => [change.variantId, change]));
  }

  /** Where only stock has changed, the product stays in its version. */
  private async summarize(tx: Tx, written: readonly Written[]): Promise<Map<string, ProductSnapshot>> {
    const isChanged = ({ draft }: Written): boolean => draft.changed || draft.variants.some(({ changed }) => changed);
    const changed = written.filter(isChanged).map(({ id }) => id);
    const stocked = written.filter((product) => !isChanged(product)).map(({ id }) => id);
    const snapshots = [
      ...(changed.length > 0 ? await this.queries.summarize(tx, changed) : []),
      ...(stocked.length > 0 ? await this.queries.stockChanged(tx, stocked) : []),
    ];
    return new Map(snapshots.map((snapshot) => [snapshot.id, snapshot]));
  }
}

/** What watchers of a product are told: once that it is new, or each change of it and of its variants. */
function eventsOf(
  { draft, variantIds }: Written,
  product: ProductSnapshot | undefined,
  stockChanges: ReadonlyMap<string, StockChange>,
): NewEvent[] {
  if (!product) throw new Error('A product has gone while it was locked.');
  const { stored } = draft;
  if (!stored) return [productEvent(ProductEventType.CREATED, { product, statusBefore: null })];
  const about = { product, statusBefore: stored.status };
  const archived = product.status === ProductStatus.ARCHIVED && stored.status !== ProductStatus.ARCHIVED;
  return [
    ...(draft.changed ? [productEvent(archived ? ProductEventType.ARCHIVED : ProductEventType.UPDATED, about)] : []),
    ...draft.variants.flatMap((variant) => {
      const variantId = variantIds.get(variant.sku) ?? '';
      return eventsOfVariant(variant, { ...about, variantId }, stockChanges.get(variantId));
    }),
  ];
}

function eventsOfVariant(
  { stored, changed, priceMinor }: VariantDraft,
  about: { product: ProductSnapshot; statusBefore: ProductStatus; variantId: string },
  stock: StockChange | undefined,
): NewEvent[] {
  const events: NewEvent[] = [];
  if (stored && stored.priceMinor !== priceMinor) {
    const priceChange = { before: stored.priceMinor, after: priceMinor, currency: stored.currency };
    events.push(productEvent(ProductEventType.PRICE_CHANGED, { ...about, priceChange }));
  } else if (changed) {
    events.push(productEvent(ProductEventType.UPDATED, about));
  }
  if (stored && stock) {
    const stockChange = { before: stock.availableBefore, after: stock.availableAfter };
    events.push(productEvent(ProductEventType.STOCK_CHANGED, { ...about, stockChange }));
  }
  return events;
}
