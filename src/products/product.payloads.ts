import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { ProductVariant } from './product-variant.type.js';
import { Product } from './product.type.js';

@ObjectType({ isAbstract: true })
abstract class ProductPayload extends Payload {
  @Field(() => Product, { nullable: true, description: 'The product as it is now; null when refused.' })
  product?: Product | null;
}

@ObjectType({ isAbstract: true })
abstract class VariantPayload extends ProductPayload {
  @Field(() => ProductVariant, { nullable: true, description: 'The variant as it is now; null when refused.' })
  variant?: ProductVariant | null;
}

@ObjectType({ description: 'Result of createProduct.' })
export class CreateProductPayload extends ProductPayload {}

@ObjectType({ description: 'Result of updateProduct.' })
export class UpdateProductPayload extends ProductPayload {}

@ObjectType({ description: 'Result of archiveProduct.' })
export class ArchiveProductPayload extends ProductPayload {}

@ObjectType({ description: 'Result of createProductVariant.' })
export class CreateProductVariantPayload extends VariantPayload {}

@ObjectType({ description: 'Result of updateProductVariant.' })
export class UpdateProductVariantPayload extends VariantPayload {}

@ObjectType({ description: 'Result of deleteProductVariant.' })
export class DeleteProductVariantPayload extends ProductPayload {
  @Field(() => ID, { nullable: true, description: 'Id of the variant that is gone; null when refused.' })
  deletedVariantId?: string | null;
}

@ObjectType({ description: 'Result of adjustStock.' })
export class AdjustStockPayload extends VariantPayload {}
