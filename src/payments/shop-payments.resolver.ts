import { ResolveField, Resolver } from '@nestjs/graphql';
import { Shop } from '../shop/shop.type.js';
import { PaymentsService } from './payments.service.js';

@Resolver(() => Shop)
export class ShopPaymentsResolver {
  constructor(private readonly payments: PaymentsService) {}

  @ResolveField(() => [String], {
    description: 'The payment methods that customers may choose, in the order of the shop, such as "manual".',
  })
  paymentMethods(): readonly string[] {
    return this.payments.offered();
  }
}
