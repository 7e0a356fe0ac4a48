import { FulfillmentEntity, FulfillmentLineEntity } from './fulfillment/fulfillment.entity.js';
import { OrderEntity, OrderHistoryEntity, OrderLineEntity, OrderSalesEntity } from './orders/order.entity.js';
import { RefreshTokenEntity } from './auth/refresh-token.entity.js';
import { SessionEntity } from './auth/session.entity.js';
import { CartEntity } from './carts/cart.entity.js';
import { CartLineEntity } from './carts/cart-line.entity.js';
import { CategoryEntity } from './categories/category.entity.js';
import { IdempotencyKeyEntity } from './database/idempotency-key.entity.js';
import { JobEntity } from './jobs/job.entity.js';
import { PaymentEntity, RefundEntity } from './payments/payment.entity.js';
import { ShippingMethodEntity } from './pricing/shipping-method.entity.js';
import { TaxRateEntity } from './pricing/tax-rate.entity.js';
import { ProductEntity } from './products/product.entity.js';
import { ProductVariantEntity } from './products/product-variant.entity.js';
import { PromotionCustomerEntity } from './promotions/promotion-customer.entity.js';
import { PromotionRedemptionEntity } from './promotions/promotion-redemption.entity.js';
import { PromotionEntity } from './promotions/promotion.entity.js';
import { StockLevelEntity } from './stock/stock-level.entity.js';
import { StockMovementEntity } from './stock/stock-movement.entity.js';
import { StockReservationEntity } from './stock/stock-reservation.entity.js';
import { SavedAddressEntity } from './users/saved-address.entity.js';
import { UserEntity } from './users/user.entity.js';

/** Every table that TypeORM knows; a test compares them with what the migrations made. */
export const ENTITIES: (new () => object)[] = [
  UserEntity,
  SavedAddressEntity,
  SessionEntity,
  RefreshTokenEntity,
  CategoryEntity,
  ProductEntity,
  ProductVariantEntity,
  StockLevelEntity,
  StockMovementEntity,
  IdempotencyKeyEntity,
  StockReservationEntity,
  PromotionEntity,
  PromotionCustomerEntity,
  PromotionRedemptionEntity,
  TaxRateEntity,
  ShippingMethodEntity,
  PaymentEntity,
  RefundEntity,
  CartEntity,
  CartLineEntity,
  OrderEntity,
  OrderLineEntity,
  OrderHistoryEntity,
  OrderSalesEntity,
  FulfillmentEntity,
  FulfillmentLineEntity,
  JobEntity,
];
