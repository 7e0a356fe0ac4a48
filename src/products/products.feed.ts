import { Injectable } from '@nestjs/common';
import { isStaff, type Viewer } from '../access/viewer.js';
import { EventFeed } from '../events/event-feed.js';
import type { LoggedEvent } from '../events/event.js';
import { toGlobalId } from '../graphql/global-id.js';
import { Watch, type WatchOptions } from '../live/watch.js';
import { toMoney } from '../money/money.js';
import type { ProductAddedArgs, ProductEvent, ProductEventsArgs } from './product-event.type.js';
import { ProductStatus } from './product.type.js';
import { PRODUCT_TOPIC, ProductEventType, type ProductEventPayload } from './products.events.js';

/** Which events of products somebody wants, and which of them they may be told. */
interface ProductWatch {
  /** The viewer may always see the product of the event, whatever has happened since. */
  keeps(payload: ProductEventPayload): boolean;
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

  /** Everybody sees what happens to ACTIVE products, staff all. */
  events({ after, types, productIds, categoryId }: ProductEventsArgs, viewer: Viewer | null): Watch<ProductEvent> {
    const staff = isStaff(viewer);
    return this.watch(
      { after, entityIds: productIds ?? null },
      {
        wants: ({ product }, type) =>
          (!types || types.includes(type)) && (categoryId == null || product.categoryIds.includes(categoryId)),
        sees: ({ product }) => staff || product.status === ProductStatus.ACTIVE,
        saw: ({ statusBefore }) => staff || statusBefore === ProductStatus.ACTIVE,
        keeps: () => staff,
      },
    );
  }

  /** Staff see every new product, others those they may read or have created. */
  added({ after, categoryId }: ProductAddedArgs, viewer: Viewer | null): Watch<ProductEvent> {
    const keeps = ({ product }: ProductEventPayload): boolean =>
      isStaff(viewer) || (viewer !== null && product.createdById === viewer.id);
    return this.watch(
      { after, entityIds: null },
      {
        wants: ({ product }, type) =>
          type === ProductEventType.CREATED && (categoryId == null || product.categoryIds.includes(categoryId)),
        sees: (payload) => keeps(payload) || payload.product.status === ProductStatus.ACTIVE,
        saw: () => false,
        keeps,
      },
    );
  }

  private watch(
    place: Pick<WatchOptions<ProductEvent>, 'after' | 'entityIds'>,
    watch: ProductWatch,
  ): Watch<ProductEvent> {
    return new Watch({
      ...place,
      topic: PRODUCT_TOPIC,
      tell: (event, cursor) => this.tell(event, cursor, watch),
      standing: ({ entityId }) => this.statusNow(entityId) ?? undefined,
    });
  }

  /** Status of a product by the newest event that is in memory; `null` when there is none. */
  private statusNow(id: string): ProductStatus | null {
    const newest = this.feed.newestOf(id);
    return newest && (newest.payload as ProductEventPayload).product.status;
  }

  private tell(event: LoggedEvent, cursor: string, watch: ProductWatch): ProductEvent | null {
    const payload = event.payload as ProductEventPayload;
    const type = ProductEventType[event.type as keyof typeof ProductEventType];
    const sees = watch.sees(payload);
    if (!watch.wants(payload, type) || !(sees || watch.saw(payload))) return null;
    const { product, variantId, priceChange, stockChange } = payload;
    return {
      cursor,
      occurredAt: event.at,
      type,
      productId: toGlobalId('product', product.id),
      product: sees ? product : null,
      mayBeHidden: !watch.keeps(payload) && this.statusNow(product.id) !== ProductStatus.ACTIVE,
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
