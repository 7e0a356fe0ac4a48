import { Injectable } from '@nestjs/common';
import { isStaff, type Viewer } from '../access/viewer.js';
import { EventFeed } from '../events/event-feed.js';
import type { LoggedEvent } from '../events/event.js';
import type { EventStream } from '../events/event-stream.js';
import { toGlobalId } from '../graphql/global-id.js';
import { toMoney } from '../money/money.js';
import type { ProductAddedArgs, ProductEvent, ProductEventsArgs } from './product-event.type.js';
import { ProductStatus } from './product.type.js';
import { PRODUCT_TOPIC, ProductEventType, type ProductEventPayload } from './products.events.js';

/** Which events of products somebody wants, and which of them they may be told. */
export interface ProductWatch {
  wants(payload: ProductEventPayload, type: ProductEventType): boolean;
  /** The viewer may see the product as it is after the change. */
  sees(payload: ProductEventPayload): boolean;
  /** The viewer could see it before, and so is told that it has gone. */
  saw(payload: ProductEventPayload): boolean;
}

/** Turns the log of events into what watchers of products are told. What they may know is decided for each event. */
@Injectable()
export class ProductFeed {
  constructor(private readonly feed: EventFeed) {}

  /** Everybody sees what happens to ACTIVE products, staff all. @throws CursorInvalid, CursorExpired */
  events({ after, types, productIds, categoryId }: ProductEventsArgs, viewer: Viewer | null): Promise<ProductEvents> {
    const staff = isStaff(viewer);
    return this.open('productEvents', after, {
      wants: ({ product }, type) =>
        (!types || types.includes(type)) &&
        (!productIds || productIds.includes(product.id)) &&
        (categoryId == null || product.categoryIds.includes(categoryId)),
      sees: ({ product }) => staff || product.status === ProductStatus.ACTIVE,
      saw: ({ statusBefore }) => staff || statusBefore === ProductStatus.ACTIVE,
    });
  }

  /** Staff see every new product, others those they may read or have created. @throws CursorInvalid, CursorExpired */
  added({ after, categoryId }: ProductAddedArgs, viewer: Viewer | null): Promise<ProductEvents> {
    const staff = isStaff(viewer);
    return this.open('productAdded', after, {
      wants: ({ product }, type) =>
        type === ProductEventType.CREATED && (categoryId == null || product.categoryIds.includes(categoryId)),
      sees: ({ product }) =>
        staff || product.status === ProductStatus.ACTIVE || (viewer !== null && product.createdById === viewer.id),
      saw: () => false,
    });
  }

  private async open(field: string, after: string | null | undefined, watch: ProductWatch): Promise<ProductEvents> {
    const stream = await this.feed.open({ topic: PRODUCT_TOPIC, after });
    return new ProductEvents(stream, field, (event) => this.tell(event, watch));
  }

  private tell(event: LoggedEvent, watch: ProductWatch): ProductEvent | null {
    const payload = event.payload as ProductEventPayload;
    const type = ProductEventType[event.type as keyof typeof ProductEventType];
    const sees = watch.sees(payload);
    if (!watch.wants(payload, type) || !(sees || watch.saw(payload))) return null;
    const { product, variantId, priceChange, stockChange } = payload;
    return {
      cursor: this.feed.cursorOf(event),
      occurredAt: event.at,
      type,
      productId: toGlobalId('product', product.id),
      product: sees ? product : null,
      variantId: variantId === undefined ? null : toGlobalId('variant', variantId),
      price: priceChange
        ? {
            before: toMoney(priceChange.before, priceChange.currency),
            after: toMoney(priceChange.after, priceChange.currency),
          }
        : null,
      stock: stockChange ?? null,
    };
  }
}

/** The source of one subscription: each event under the name of its field, those that are not for the watcher left out. */
export class ProductEvents implements AsyncIterableIterator<Record<string, ProductEvent>> {
  constructor(
    private readonly stream: EventStream,
    private readonly field: string,
    private readonly tell: (event: LoggedEvent) => ProductEvent | null,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Record<string, ProductEvent>, undefined>> {
    for (;;) {
      const { value, done } = await this.stream.next();
      if (done) return { value: undefined, done: true };
      const told = this.tell(value);
      if (told) return { value: { [this.field]: told }, done: false };
    }
  }

  async return(): Promise<IteratorResult<Record<string, ProductEvent>, undefined>> {
    await this.stream.return();
    return { value: undefined, done: true };
  }
}
