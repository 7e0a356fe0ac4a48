import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import type { Completion } from '../events/completed-events.queries.js';
import type { NewEvent } from '../events/event.js';
import { EventsService } from '../events/events.service.js';
import { StockService } from '../stock/stock.service.js';
import { StockReason, type StockChange } from '../stock/stock.type.js';
import { MAX_VARIANTS, ProductNotFound, TooManyVariants, VariantNotFound, VersionConflict } from './products.errors.js';
import { changedOfProduct, changedOfVariant } from './changed-parts.js';
import { changing } from './product-change.service.js';
import { productEvent, ProductEventType, type ProductEventPayload, type ProductSnapshot } from './products.events.js';
import { ProductsQueries } from './products.queries.js';
import { priceMinor } from './price.rules.js';
import type { VariantRow } from './product-variant.type.js';
import type { ProductRow } from './product.type.js';
import type {
  AdjustStockInput,
  CreateProductVariantInput,
  DeleteProductVariantInput,
  UpdateProductVariantInput,
} from './variant.inputs.js';
import { newVariant } from './variant-rules.js';
import { takenUnits, VariantsQueries } from './variants.queries.js';

/** A variant and its product, as they are after a change. */
export interface VariantResult {
  product: ProductRow;
  variant: VariantRow;
}

/** Which product a variant belongs to, as it is now. */
export interface ProductOfVariant {
  variantId: string;
  product: ProductSnapshot;
}

/** Units of a variant that are taken, and how many could be bought. */
export interface TakenUnits extends ProductOfVariant {
  quantity: number;
  available: number;
}

/** Changes of variants and their stock. Each one locks the product first, as all changes of a product do. */
@Injectable()
export class VariantsService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly stock: StockService,
    private readonly products: ProductsQueries,
    private readonly queries: VariantsQueries,
  ) {}

  /** @throws ProductNotFound, SkuTaken, OptionsTaken, TooManyVariants, CurrencyMismatch, BadUserInput */
  create(input: CreateProductVariantInput, viewer: Viewer): Promise<VariantResult> {
    return changing({ database: this.database }, async (tx) => {
      const before = await this.products.lock(tx, input.productId);
      if (!before) throw new ProductNotFound('productId');
      if ((await this.products.countVariants(tx, before.id)) >= MAX_VARIANTS) throw new TooManyVariants();
      const [variant] = await this.queries.insert(tx, before.id, [
        newVariant(input, this.config.shopCurrency, ['input']),
      ]);
      if (!variant) throw new VariantNotFound();
      const level = { variantId: variant.id, onHand: input.stock };
      await this.stock.set(tx, [level], { reason: StockReason.INITIAL, note: null, actorId: viewer.id });
      const product = await this.products.summarize(tx, before.id);
      await this.tell(tx, ProductEventType.UPDATED, { product, statusBefore: before.status, variantId: variant.id });
      return { product, variant };
    });
  }

  /** @throws VariantNotFound, VersionConflict, SkuTaken, OptionsTaken, CurrencyMismatch, BadUserInput */
  update(input: UpdateProductVariantInput): Promise<VariantResult> {
    const { shopCurrency } = this.config;
    return changing({ database: this.database }, async (tx) => {
      const { product: locked, variant: before } = await this.lock(tx, input.id, input.expectedVersion);
      const variant = await this.queries.update(tx, before.id, {
        sku: input.sku ?? undefined,
        title: input.title ?? undefined,
        options: input.options?.map(({ name, value }) => ({ name, value })),
        priceMinor: input.price ? priceMinor(input.price, shopCurrency, ['input', 'price']) : undefined,
        compareAtMinor:
          input.compareAtPrice && priceMinor(input.compareAtPrice, shopCurrency, ['input', 'compareAtPrice']),
        weightGrams: input.weightGrams ?? undefined,
        taxClass: input.taxClass ?? undefined,
      });
      if (!variant) throw new VariantNotFound();
      const product = await this.products.summarize(tx, locked.id);
      const changed = [...changedOfProduct(locked, product), ...changedOfVariant(before, variant)];
      const payload = { product, statusBefore: locked.status, variantId: variant.id, changed };
      if (variant.priceMinor === before.priceMinor) {
        await this.tell(tx, ProductEventType.UPDATED, payload);
      } else {
        const priceChange = { before: before.priceMinor, after: variant.priceMinor, currency: variant.currency };
        await this.tell(tx, ProductEventType.PRICE_CHANGED, { ...payload, priceChange });
      }
      return { product, variant };
    });
  }

  /** Answers the product without the variant. @throws VariantNotFound, VersionConflict */
  delete({ id, expectedVersion }: DeleteProductVariantInput): Promise<ProductRow> {
    return changing({ database: this.database }, async (tx) => {
      const { product: before } = await this.lock(tx, id, expectedVersion);
      await this.queries.delete(tx, id);
      const product = await this.products.summarize(tx, before.id);
      await this.tell(tx, ProductEventType.UPDATED, { product, statusBefore: before.status, variantId: id });
      return product;
    });
  }

  /** Adds units or takes them away, and writes the ledger. @throws VariantNotFound, OutOfStock */
  adjustStock({ variantId, delta, reason, note }: AdjustStockInput, viewer: Viewer): Promise<VariantResult> {
    return changing({ database: this.database }, async (tx) => {
      const cause = { reason, note: note ?? null, actorId: viewer.id };
      // In one go, the product first.
      const [{ product: locked, variant }, change] = await Promise.all([
        this.lock(tx, variantId, null, 'variantId'),
        this.stock.adjust(tx, variantId, delta, cause),
      ]);
      const [product] = await this.products.stockChanged(tx, [locked.id]);
      if (!product) throw new ProductNotFound();
      const stockChange = { before: change.availableBefore, after: change.availableAfter };
      await this.tell(tx, ProductEventType.STOCK_CHANGED, {
        product,
        statusBefore: product.status,
        variantId,
        stockChange,
      });
      return { product, variant };
    });
  }

  /**
   * What watchers of products are told after units were promised, taken or given back. Products that are sold out by it, or
   * no longer, are marked so. The products are locked and their snapshots were read since.
   */
  async stockEvents(
    tx: Tx,
    changes: readonly StockChange[],
    products: readonly ProductOfVariant[],
  ): Promise<NewEvent[]> {
    const byVariant = new Map(products.map(({ variantId, product }) => [variantId, product]));
    const turned = changes.filter((change) => change.availableBefore > 0 !== change.availableAfter > 0);
    const ids = new Set(turned.flatMap(({ variantId }) => byVariant.get(variantId)?.id ?? []));
    const fresh = ids.size === 0 ? [] : await this.products.stockChanged(tx, [...ids]);
    const freshById = new Map(fresh.map((product) => [product.id, product]));
    return changes.flatMap(({ variantId, availableBefore: before, availableAfter: after }) => {
      const known = byVariant.get(variantId);
      const product = known && (freshById.get(known.id) ?? known);
      if (!product || before === after) return [];
      const payload = { product, statusBefore: product.status, variantId, stockChange: { before, after } };
      return [productEvent(ProductEventType.STOCK_CHANGED, payload)];
    });
  }

  /**
   * The same for units that are taken at the same time, of which some are left: their products can still be bought. How many
   * there were is known to PostgreSQL alone; here it is what was seen before.
   */
  plentyTaken(taken: readonly TakenUnits[]): { events: NewEvent[]; completion: Completion } {
    const events = taken.map(({ variantId, quantity, available: before, product }) => {
      const snapshot = { ...product, inStock: true };
      const stockChange = { before, after: before - quantity };
      const payload = { product: snapshot, statusBefore: product.status, variantId, stockChange };
      return productEvent(ProductEventType.STOCK_CHANGED, payload);
    });
    return { events, completion: takenUnits(taken) };
  }

  private tell(tx: Tx, type: ProductEventType, payload: ProductEventPayload): Promise<void> {
    return this.events.append(tx, productEvent(type, payload));
  }

  private async lock(
    tx: Tx,
    variantId: string,
    expectedVersion: number | null | undefined,
    field = 'id',
  ): Promise<VariantResult> {
    const [product, variant] = await Promise.all([
      this.products.lockOfVariant(tx, variantId),
      this.products.variant(tx, variantId),
    ]);
    if (!product || !variant) throw new VariantNotFound(field);
    if (expectedVersion != null && expectedVersion !== variant.version) throw new VersionConflict();
    return { product, variant };
  }
}
