import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Category } from './category.type.js';

@ObjectType({ isAbstract: true })
abstract class CategoryPayload extends Payload {
  @Field(() => Category, { nullable: true, description: 'The category as it is now; null when refused.' })
  category?: Category | null;
}

@ObjectType({ description: 'Result of createCategory.' })
export class CreateCategoryPayload extends CategoryPayload {}

@ObjectType({ description: 'Result of updateCategory.' })
export class UpdateCategoryPayload extends CategoryPayload {}

@ObjectType({ description: 'Result of moveCategory.' })
export class MoveCategoryPayload extends CategoryPayload {}

@ObjectType({ description: 'Result of deleteCategory.' })
export class DeleteCategoryPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Id of the category that is gone; null when refused.' })
  deletedCategoryId?: string | null;
}
