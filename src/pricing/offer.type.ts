import type { VariantRow } from '../products/product-variant.type.js';
import type { ProductSnapshot } from '../products/products.events.js';
import type { TaxClass } from '../products/tax-class.type.js';

/** A variant as it can be bought now. */
export interface Offer {
  variantId: string;
  productId: string;
  sku: string;
  productName: string;
  variantTitle: string;
  priceMinor: number;
  weightGrams: number;
  taxClass: TaxClass;
  /** The product's category and all above it. */
  categoryIds: readonly string[];
  /** The product is ACTIVE. */
  forSale: boolean;
  /** Units that can be sold. */
  available: number;
}

/**
 * An offer with its variant and product. Once the product is locked, price and stock stay as they are until the transaction ends.
 */
export interface SellableOffer extends Offer {
  variant: VariantRow;
  product: ProductSnapshot;
}
