import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CurrentUser, Public } from '../access/access.decorators.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { NodeRegistry } from '../graphql/node.js';
import { succeeded } from '../graphql/payload.js';
import {
  AddCartLinesInput,
  CartArgs,
  CreateCartInput,
  RemoveCartLinesInput,
  SetCartCustomerInput,
  UpdateCartLinesInput,
} from './cart.inputs.js';
import { CartLinesService } from './cart-lines.service.js';
import { CartOwnersService } from './cart-owners.service.js';
import {
  AddCartLinesPayload,
  CreateCartPayload,
  RemoveCartLinesPayload,
  SetCartCustomerPayload,
  UpdateCartLinesPayload,
} from './cart.payloads.js';
import { Cart, type CartRow } from './cart.type.js';
import { CartById } from './carts.loaders.js';
import { CartsService } from './carts.service.js';

/** Carts, what is in them and whose they are. */
@Resolver()
export class CartsResolver implements OnModuleInit {
  constructor(
    private readonly service: CartsService,
    private readonly lines: CartLinesService,
    private readonly owners: CartOwnersService,
    private readonly byId: CartById,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<CartRow | null> => this.byId.in(context).load(uuid);
    this.nodes.register('cart', { typeName: 'Cart', load });
  }

  @Public()
  @Query(() => Cart, {
    nullable: true,
    description: "One cart; null when it does not exist, has expired, or is another customer's. Staff see all.",
  })
  cart(@Args() { id }: CartArgs, @Context() context: ShopContext): Promise<CartRow | null> {
    return this.byId.in(context).load(id);
  }

  @Public()
  @Mutation(() => CreateCartPayload, {
    description:
      'Makes a cart. An account has one open cart: when it has one, the lines are added to that, and that is answered. ' +
      'Refused with NOT_FOUND, NOT_FOR_SALE, TOO_MANY_LINES; too many are RATE_LIMITED.',
  })
  async createCart(
    @Args('input', { description: 'What it begins with.' }) input: CreateCartInput,
    @CurrentUser() viewer: Viewer | null,
    @Context() { address }: ShopContext,
  ): Promise<CreateCartPayload> {
    return succeeded({ cart: await this.service.create(input, viewer, address) });
  }

  @Public()
  @Mutation(() => AddCartLinesPayload, {
    description:
      'Puts units into a cart. Stock is not looked at; a line tells when there are too few. ' +
      'Refused with NOT_FOUND, CART_CLOSED, NOT_FOR_SALE, TOO_MANY_LINES, VERSION_CONFLICT.',
  })
  async addCartLines(
    @Args('input', { description: 'Variants and units.' }) input: AddCartLinesInput,
    @CurrentUser() viewer: Viewer | null,
  ): Promise<AddCartLinesPayload> {
    return succeeded({ cart: await this.lines.add(input, viewer) });
  }

  @Public()
  @Mutation(() => UpdateCartLinesPayload, {
    description:
      'Sets the units of lines; 0 removes a line. All or nothing. Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT.',
  })
  async updateCartLines(
    @Args('input', { description: 'Lines and units.' }) input: UpdateCartLinesInput,
    @CurrentUser() viewer: Viewer | null,
  ): Promise<UpdateCartLinesPayload> {
    return succeeded({ cart: await this.lines.update(input, viewer) });
  }

  @Public()
  @Mutation(() => RemoveCartLinesPayload, {
    description: 'Takes lines out of a cart. All or nothing. Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT.',
  })
  async removeCartLines(
    @Args('input', { description: 'The lines.' }) input: RemoveCartLinesInput,
    @CurrentUser() viewer: Viewer | null,
  ): Promise<RemoveCartLinesPayload> {
    return succeeded({ cart: await this.lines.remove(input, viewer) });
  }

  @Public()
  @Mutation(() => SetCartCustomerPayload, {
    description:
      "Says who buys. For a guest it notes the e-mail address. For somebody signed in it makes a guest's cart theirs, merged into " +
      "their open cart if there is one: the answer is the cart that they have then. Lines beyond 100 stay in the guest's cart. " +
      'Refused with NOT_FOUND, CART_CLOSED, VERSION_CONFLICT.',
  })
  async setCartCustomer(
    @Args('input', { description: 'Cart and address.' }) input: SetCartCustomerInput,
    @CurrentUser() viewer: Viewer | null,
  ): Promise<SetCartCustomerPayload> {
    return succeeded({ cart: await this.owners.setCustomer(input, viewer) });
  }
}
