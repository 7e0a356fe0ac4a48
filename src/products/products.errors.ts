import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** Variants of one product, at most. */
export const MAX_VARIANTS = 100;

export class ProductNotFound extends Refusal {
  constructor(field = 'id') {
    super(UserErrorCode.NOT_FOUND, 'There is no such product.', ['input', field]);
  }
}

export class VariantNotFound extends Refusal {
  constructor(field = 'id') {
    super(UserErrorCode.NOT_FOUND, 'There is no such variant.', ['input', field]);
  }
}

export class UnknownCategory extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no such category.', ['input', 'categoryId']);
  }
}

export class ProductSlugTaken extends Refusal {
  constructor() {
    super(UserErrorCode.SLUG_TAKEN, 'Another product has this slug.', ['input', 'slug']);
  }
}

export class SkuTaken extends Refusal {
  constructor(field = 'sku') {
    super(UserErrorCode.SKU_TAKEN, 'Another variant has this SKU.', ['input', field]);
  }
}

export class OptionsTaken extends Refusal {
  constructor(field = 'options') {
    super(UserErrorCode.OPTIONS_TAKEN, 'Another variant of the product has the same options.', ['input', field]);
  }
}

export class TooManyVariants extends Refusal {
  constructor() {
    super(UserErrorCode.TOO_MANY_VARIANTS, `A product has at most ${MAX_VARIANTS} variants.`, ['input']);
  }
}

export class VariantReserved extends Refusal {
  constructor() {
    super(UserErrorCode.VARIANT_RESERVED, 'Units of this variant are promised to an order.', ['input', 'id']);
  }
}

export class CurrencyMismatch extends Refusal {
  constructor(given: string, wanted: string, field: readonly string[]) {
    super(UserErrorCode.CURRENCY_MISMATCH, `The price is in ${given}; this shop sells in ${wanted}.`, field);
  }
}

export class VersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'It has been changed since you read it.', ['input', 'expectedVersion']);
  }
}

/**
 * The refusal that a violated constraint of this room's tables stands for.
 * @param variants the input field that holds all variants, when the change was not about a single one
 */
export function refusalOfConstraint(constraint: string | null, variants?: string): Refusal | null {
  switch (constraint) {
    case 'products_slug_unique':
      return new ProductSlugTaken();
    case 'product_variants_sku_unique':
      return new SkuTaken(variants);
    case 'product_variants_options_unique':
      return new OptionsTaken(variants);
    case 'stock_reservations_variant':
      return new VariantReserved();
    case 'products_category':
      return new UnknownCategory();
    case null:
    default:
      return null;
  }
}
