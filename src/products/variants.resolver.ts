import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, ID, Int, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import { isStaff, type Viewer } from '../access/viewer.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { MoneyType } from '../graphql/money.type.js';
import { NodeRegistry } from '../graphql/node.js';
import { succeeded } from '../graphql/payload.js';
import { toMoney, type Money } from '../money/money.js';
import { StockByVariant } from '../stock/stock.loaders.js';
import { StockLevel } from '../stock/stock.type.js';
import {
  AdjustStockPayload,
  CreateProductVariantPayload,
  DeleteProductVariantPayload,
  UpdateProductVariantPayload,
} from './product.payloads.js';
import { ProductVariant, type VariantRow } from './product-variant.type.js';
import { Product } from './product.type.js';
import { ProductById, VariantById } from './products.loaders.js';
import {
  AdjustStockInput,
  CreateProductVariantInput,
  DeleteProductVariantInput,
  ProductVariantsArgs,
  UpdateProductVariantInput,
} from './variant.inputs.js';
import { VariantsService } from './variants.service.js';

@Resolver(() => ProductVariant)
export class VariantsResolver implements OnModuleInit {
  constructor(
    private readonly service: VariantsService,
    private readonly byId: VariantById,
    private readonly products: ProductById,
    private readonly stockBy: StockByVariant,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<VariantRow | null> => this.byId.in(context).load(uuid);
    this.nodes.register('variant', { typeName: 'ProductVariant', load });
  }

  @Public()
  @Query(() => [ProductVariant], {
    nullable: 'items',
    description: 'Several variants, in the order of the ids; null where one does not exist or you may not know of it.',
  })
  productVariants(
    @Args() { ids }: ProductVariantsArgs,
    @Context() context: ShopContext,
  ): Promise<(VariantRow | null)[]> {
    return Promise.all(ids.map((id) => this.byId.in(context).load(id)));
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => CreateProductVariantPayload, {
    description:
      'Adds a variant to a product. Staff only. Refused with NOT_FOUND, SKU_TAKEN, OPTIONS_TAKEN, TOO_MANY_VARIANTS, CURRENCY_MISMATCH.',
  })
  async createProductVariant(
    @Args('input', { description: 'The variant.' }) input: CreateProductVariantInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<CreateProductVariantPayload> {
    return succeeded(await this.service.create(input, viewer));
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => UpdateProductVariantPayload, {
    description:
      'Changes a variant. Staff only. Refused with NOT_FOUND, SKU_TAKEN, OPTIONS_TAKEN, CURRENCY_MISMATCH, VERSION_CONFLICT.',
  })
  async updateProductVariant(
    @Args('input', { description: 'The changes.' }) input: UpdateProductVariantInput,
  ): Promise<UpdateProductVariantPayload> {
    return succeeded(await this.service.update(input));
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => DeleteProductVariantPayload, {
    description:
      'Deletes a variant with its stock. Staff only. Refused with NOT_FOUND, VERSION_CONFLICT, VARIANT_RESERVED.',
  })
  async deleteProductVariant(
    @Args('input', { description: 'Which one.' }) input: DeleteProductVariantInput,
  ): Promise<DeleteProductVariantPayload> {
    const product = await this.service.delete(input);
    return succeeded({ product, deletedVariantId: toGlobalId('variant', input.id) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => AdjustStockPayload, {
    description:
      'Adds units to the stock of a variant or takes them away, and writes the ledger. Staff only. Refused with NOT_FOUND, OUT_OF_STOCK.',
  })
  async adjustStock(
    @Args('input', { description: 'How many, and why.' }) input: AdjustStockInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<AdjustStockPayload> {
    return succeeded(await this.service.adjustStock(input, viewer));
  }

  // Field resolvers take no decorated parameters: Nest then calls them directly, without its wrapper.

  @ViewerScope('public')
  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(variant: VariantRow): string {
    return toGlobalId('variant', variant.id);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What one unit costs.' })
  price({ priceMinor, currency }: VariantRow): Money {
    return toMoney(priceMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, {
    nullable: true,
    description: 'A former or recommended price to show beside the price; null when there is none.',
  })
  compareAtPrice({ compareAtMinor, currency }: VariantRow): Money | null {
    return compareAtMinor === null ? null : toMoney(compareAtMinor, currency);
  }

  @ViewerScope('role')
  @ResolveField(() => Product, { nullable: true, description: 'The product; null when you may not know of it.' })
  product({ productId }: VariantRow, _: unknown, context: ShopContext): Promise<Product | null> {
    return this.products.in(context).load(productId);
  }

  @ViewerScope('public')
  @ResolveField(() => Boolean, { description: 'Whether at least one unit can be bought now.' })
  async inStock({ id }: VariantRow, _: unknown, context: ShopContext): Promise<boolean> {
    return (await this.stockBy.in(context).load(id)).available > 0;
  }

  @ViewerScope('public')
  @ResolveField(() => Int, { description: 'Units that can be bought now.' })
  async availableQuantity({ id }: VariantRow, _: unknown, context: ShopContext): Promise<number> {
    return (await this.stockBy.in(context).load(id)).available;
  }

  @ViewerScope('role')
  @ResolveField(() => StockLevel, { nullable: true, description: 'Stock figures. Staff only: null for others.' })
  stock({ id }: VariantRow, _: unknown, context: ShopContext): Promise<StockLevel> | null {
    return isStaff(context.viewer) ? this.stockBy.in(context).load(id) : null;
  }
}
