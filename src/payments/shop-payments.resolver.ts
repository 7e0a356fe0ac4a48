import { ResolveField, Resolver } from '@nestjs/graphql';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { Shop } from '../shop/shop.type.js';
import { PaymentsService } from './payments.service.js';

@Resolver(() => Shop)
export class ShopPaymentsResolver {
  constructor(private readonly payments: PaymentsService) {}

  @ViewerScope('public')
  @ResolveField(() => [String], {
    description: 'The payment methods that customers may choose, in the order of the shop, such as "manual".',
  })
  paymentMethods(): readonly string[] {
    return this.payments.offered();
  }
}
