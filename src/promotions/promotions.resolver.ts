import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, ID, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import { Config } from '../config/config.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { MoneyType } from '../graphql/money.type.js';
import { NodeRegistry } from '../graphql/node.js';
import type { Connection } from '../graphql/page.js';
import { succeeded } from '../graphql/payload.js';
import { Decimal } from '../graphql/scalars.js';
import { toMoney, type Money } from '../money/money.js';
import { formatPercent } from './percent.rules.js';
import {
  CreatePromotionInput,
  DeletePromotionInput,
  PromotionArgs,
  PromotionsArgs,
  UpdatePromotionInput,
} from './promotion.inputs.js';
import { CreatePromotionPayload, DeletePromotionPayload, UpdatePromotionPayload } from './promotion.payloads.js';
import { Promotion, PromotionConnection, type PromotionRow } from './promotion.type.js';
import { PromotionById, UsesByPromotion } from './promotions.loaders.js';
import { PromotionsService } from './promotions.service.js';

@Resolver(() => Promotion)
export class PromotionsResolver implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly service: PromotionsService,
    private readonly byId: PromotionById,
    private readonly usesBy: UsesByPromotion,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<PromotionRow | null> => this.byId.in(context).load(uuid);
    this.nodes.register('promotion', { typeName: 'Promotion', load });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => PromotionConnection, { description: 'Promotions, newest first. Staff only.' })
  promotions(@Args() args: PromotionsArgs): Promise<Connection<PromotionRow>> {
    return this.service.list(args);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => Promotion, { nullable: true, description: 'One promotion; null when there is none. Staff only.' })
  promotion(@Args() { id }: PromotionArgs, @Context() context: ShopContext): Promise<PromotionRow | null> {
    return this.byId.in(context).load(id);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => CreatePromotionPayload, {
    description:
      'Adds a coupon, or without a code a promotion that applies by itself. Staff only. ' +
      'Refused with CODE_TAKEN, NOT_FOUND, CURRENCY_MISMATCH.',
  })
  async createPromotion(
    @Args('input', { description: 'The promotion.' }) input: CreatePromotionInput,
  ): Promise<CreatePromotionPayload> {
    return succeeded({ promotion: await this.service.create(input) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => UpdatePromotionPayload, {
    description:
      'Changes a promotion; orders keep what it gave them. Staff only. ' +
      'Refused with NOT_FOUND, CODE_TAKEN, CURRENCY_MISMATCH, VERSION_CONFLICT.',
  })
  async updatePromotion(
    @Args('input', { description: 'The changes.' }) input: UpdatePromotionInput,
  ): Promise<UpdatePromotionPayload> {
    return succeeded({ promotion: await this.service.update(input) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => DeletePromotionPayload, {
    description:
      'Deletes a promotion that no order uses; others can be switched off. Staff only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, and ILLEGAL_TRANSITION when orders use it.',
  })
  async deletePromotion(
    @Args('input', { description: 'Which one.' }) input: DeletePromotionInput,
  ): Promise<DeletePromotionPayload> {
    await this.service.delete(input);
    return succeeded({ deletedPromotionId: toGlobalId('promotion', input.id) });
  }

  // Field resolvers take no decorated parameters: Nest then calls them directly, without its wrapper.

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(promotion: PromotionRow): string {
    return toGlobalId('promotion', promotion.id);
  }

  @ResolveField(() => Decimal, {
    nullable: true,
    description: 'What PERCENT takes off, such as "12.5"; null for others.',
  })
  percent({ percentBp }: PromotionRow): string | null {
    return percentBp === null ? null : formatPercent(percentBp);
  }

  @ResolveField(() => MoneyType, { nullable: true, description: 'What FIXED_AMOUNT takes off; null for others.' })
  amount({ amountMinor }: PromotionRow): Money | null {
    return this.money(amountMinor);
  }

  @ResolveField(() => MoneyType, {
    nullable: true,
    description: 'Smallest subtotal of a cart, before discounts; null for none.',
  })
  minSubtotal({ minSubtotalMinor }: PromotionRow): Money | null {
    return this.money(minSubtotalMinor);
  }

  @ResolveField(() => [ID], {
    description: 'Only goods in one of these categories or below. Empty here and in productIds: all goods.',
  })
  categoryIds({ categoryIds }: PromotionRow): string[] {
    return categoryIds.map((id) => toGlobalId('category', id));
  }

  @ResolveField(() => [ID], { description: 'Or one of these products.' })
  productIds({ productIds }: PromotionRow): string[] {
    return productIds.map((id) => toGlobalId('product', id));
  }

  @ResolveField(() => Int, { description: 'How many orders use it; cancelled ones do not count.' })
  usedCount({ id }: PromotionRow, _: unknown, context: ShopContext): Promise<number> {
    return this.usesBy.in(context).load(id);
  }

  private money(minor: number | null): Money | null {
    return minor === null ? null : toMoney(minor, this.config.shopCurrency);
  }
}
