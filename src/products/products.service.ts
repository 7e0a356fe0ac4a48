import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { freeSlugs } from '../database/slug.js';
import { EventsService } from '../events/events.service.js';
import { StockService } from '../stock/stock.service.js';
import { StockReason } from '../stock/stock.type.js';
import { changedOfProduct } from './changed-parts.js';
import { changing } from './product-change.service.js';
import { productEvent, ProductEventType, salesEvent, type ProductSnapshot } from './products.events.js';
import { ProductNotFound, ProductSlugTaken, VersionConflict } from './products.errors.js';
import type { Sight } from './products.columns.js';
import { ProductsQueries, type NewProduct, type ProductChange } from './products.queries.js';
import type {
  ArchiveProductInput,
  CreateProductInput,
  ProductAttributeInput,
  ProductBy,
  UpdateProductInput,
} from './product.inputs.js';
import { ProductStatus, type ProductRow } from './product.type.js';
import { newVariant } from './variant-rules.js';
import { VariantsQueries } from './variants.queries.js';

/** Products. Each change locks the product first, then changes, summarizes and tells. */
@Injectable()
export class ProductsService implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly stock: StockService,
    private readonly queries: ProductsQueries,
    private readonly variants: VariantsQueries,
  ) {}

  /** Prices are stored with their currency; relabelling them by a setting would change what things cost. */
  async onModuleInit(): Promise<void> {
    const other = await this.queries.otherCurrency(this.database, this.config.shopCurrency);
    if (other !== null) {
      throw new Error(`SHOP_CURRENCY is ${this.config.shopCurrency}, but this database holds prices in ${other}.`);
    }
  }

  /** One product by its slug or SKU; `null` when there is none for this viewer. Ids go through the loader. */
  find({ slug, sku }: ProductBy, sight: Sight): Promise<ProductRow | null> {
    return slug == null
      ? this.queries.bySku(this.database, sku ?? '', sight)
      : this.queries.bySlug(this.database, slug, sight);
  }

  /**
   * Adds a product with its variants and their stock.
   * @throws UnknownCategory, ProductSlugTaken, SkuTaken, OptionsTaken, CurrencyMismatch, BadUserInput
   */
  create(input: CreateProductInput, viewer: Viewer): Promise<ProductRow> {
    return changing({ database: this.database, variants: 'variants' }, async (tx) => {
      const { slug, name, description, status, categoryId, images, attributes } = input;
      const id = await this.insert(tx, slug ?? null, {
        name,
        description: description ?? '',
        status,
        categoryId: categoryId ?? null,
        attributes: asRecord(attributes ?? []),
        images: (images ?? []).map(({ url, alt }) => ({ url, alt })),
        createdById: viewer.id,
      });
      if (input.variants.length > 0) await this.addVariants(tx, id, input, viewer);
      const product = await this.queries.summarize(tx, id);
      await this.events.append(tx, productEvent(ProductEventType.CREATED, { product, statusBefore: null }));
      return product;
    });
  }

  /** @throws ProductNotFound, VersionConflict, UnknownCategory, ProductSlugTaken */
  update(input: UpdateProductInput): Promise<ProductRow> {
    return changing({ database: this.database }, async (tx) => {
      const before = await this.lock(tx, input.id, input.expectedVersion);
      const change: ProductChange = {
        slug: input.slug ?? undefined,
        name: input.name ?? undefined,
        description: input.description ?? undefined,
        status: input.status ?? undefined,
        categoryId: input.categoryId,
        attributes: input.attributes ? asRecord(input.attributes) : undefined,
        images: input.images?.map(({ url, alt }) => ({ url, alt })),
      };
      return this.write(tx, before, change);
    });
  }

  /** Takes a product off the shop. One that is archived already stays as it is. @throws ProductNotFound, VersionConflict */
  archive({ id, expectedVersion }: ArchiveProductInput): Promise<ProductRow> {
    return changing({ database: this.database }, async (tx) => {
      const before = await this.lock(tx, id, expectedVersion);
      return before.status === ProductStatus.ARCHIVED
        ? before
        : this.write(tx, before, { status: ProductStatus.ARCHIVED });
    });
  }

  /** Adds units that were sold (or, below 0, cancelled) to what products have sold in all. */
  async addSales(tx: Tx, sales: readonly { productId: string; units: number }[]): Promise<void> {
    const [first, ...others] = sales.map(({ productId }) => productId);
    if (first === undefined) return;
    await this.queries.addSales(tx, sales);
    await this.events.append(tx, salesEvent([first, ...others]));
  }

  private async write(tx: Tx, before: ProductRow, change: ProductChange): Promise<ProductSnapshot> {
    await this.queries.update(tx, before.id, change);
    const product = await this.queries.summarize(tx, before.id);
    const archived = product.status === ProductStatus.ARCHIVED && before.status !== ProductStatus.ARCHIVED;
    const type = archived ? ProductEventType.ARCHIVED : ProductEventType.UPDATED;
    const changed = changedOfProduct(before, product);
    await this.events.append(tx, productEvent(type, { product, statusBefore: before.status, changed }));
    return product;
  }

  /** Writes a new product under the slug that is wanted, or under a free one made from its name. Answers its id. */
  private async insert(tx: Tx, wanted: string | null, product: Omit<NewProduct, 'slug'>): Promise<string> {
    if (wanted !== null) {
      const id = await this.queries.insert(tx, { ...product, slug: wanted });
      if (id === null) throw new ProductSlugTaken();
      return id;
    }
    // Free when asked. When somebody was faster, the next one may be free; the same one again never is.
    let taken = '';
    for (;;) {
      const [slug = ''] = await freeSlugs(tx, 'products', [product.name]);
      if (slug === taken) throw new ProductSlugTaken();
      const id = await this.queries.insert(tx, { ...product, slug });
      if (id !== null) return id;
      taken = slug;
    }
  }

  private async addVariants(
    tx: Tx,
    productId: string,
    { variants }: CreateProductInput,
    viewer: Viewer,
  ): Promise<void> {
    const rows = variants.map((variant, index) =>
      newVariant(variant, this.config.shopCurrency, ['input', 'variants', String(index)]),
    );
    const added = await this.variants.insert(tx, productId, rows);
    const stockBySku = new Map(variants.map((variant) => [variant.sku, variant.stock]));
    const levels = added.map(({ id, sku }) => ({ variantId: id, onHand: stockBySku.get(sku) ?? 0 }));
    await this.stock.set(tx, levels, { reason: StockReason.INITIAL, note: null, actorId: viewer.id });
  }

  private async lock(tx: Tx, id: string, expectedVersion: number | null | undefined): Promise<ProductRow> {
    const product = await this.queries.lock(tx, id);
    if (!product) throw new ProductNotFound();
    if (expectedVersion != null && expectedVersion !== product.version) throw new VersionConflict();
    return product;
  }
}

function asRecord(attributes: readonly ProductAttributeInput[]): Record<string, string> {
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
}
