import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { NodeRegistry } from '../graphql/node.js';
import { succeeded } from '../graphql/payload.js';
import { ArchiveProductInput, CreateProductInput, ProductBy, UpdateProductInput } from './product.inputs.js';
import { ArchiveProductPayload, CreateProductPayload, UpdateProductPayload } from './product.payloads.js';
import { Product, type ProductRow } from './product.type.js';
import { ProductById, sightOf } from './products.loaders.js';
import { ProductsService } from './products.service.js';

@Resolver(() => Product)
export class ProductsResolver implements OnModuleInit {
  constructor(
    private readonly service: ProductsService,
    private readonly byId: ProductById,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<ProductRow | null> => this.byId.in(context).load(uuid);
    this.nodes.register('product', { typeName: 'Product', load });
  }

  @Public()
  @Query(() => Product, { nullable: true, description: 'One product; null when there is none that you may know of.' })
  product(
    @Args('by', { description: 'Which one.' }) by: ProductBy,
    @Context() context: ShopContext,
  ): Promise<ProductRow | null> {
    return by.id == null ? this.service.find(by, sightOf(context)) : this.byId.in(context).load(by.id);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => CreateProductPayload, {
    description:
      'Adds a product with its variants and their stock. Staff only. Refused with NOT_FOUND, SLUG_TAKEN, SKU_TAKEN, OPTIONS_TAKEN, CURRENCY_MISMATCH.',
  })
  async createProduct(
    @Args('input', { description: 'The product.' }) input: CreateProductInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<CreateProductPayload> {
    return succeeded({ product: await this.service.create(input, viewer) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => UpdateProductPayload, {
    description: 'Changes a product. Staff only. Refused with NOT_FOUND, SLUG_TAKEN, VERSION_CONFLICT.',
  })
  async updateProduct(
    @Args('input', { description: 'The changes.' }) input: UpdateProductInput,
  ): Promise<UpdateProductPayload> {
    return succeeded({ product: await this.service.update(input) });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => ArchiveProductPayload, {
    description:
      'Takes a product off the shop; it can be made ACTIVE again. Staff only. Refused with NOT_FOUND, VERSION_CONFLICT.',
  })
  async archiveProduct(
    @Args('input', { description: 'Which one.' }) input: ArchiveProductInput,
  ): Promise<ArchiveProductPayload> {
    return succeeded({ product: await this.service.archive(input) });
  }
}
