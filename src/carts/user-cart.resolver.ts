import { ResolveField, Resolver } from '@nestjs/graphql';
import type { ShopContext } from '../graphql/context.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { User } from '../users/user.type.js';
import { Cart, type CartRow } from './cart.type.js';
import { OpenCartOfUser } from './carts.loaders.js';

/** The cart of an account. */
@Resolver(() => User)
export class UserCartResolver {
  constructor(private readonly cartOf: OpenCartOfUser) {}

  @ViewerScope('public')
  @ResolveField(() => Cart, { nullable: true, description: 'The open cart; null when there is none.' })
  cart({ id }: User, _: unknown, context: ShopContext): Promise<CartRow | null> {
    // Who holds an account has signed in as its owner just now, or may see it: nobody else is given one.
    return this.cartOf.in(context).load(id);
  }
}
