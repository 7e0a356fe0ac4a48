import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Promotion } from './promotion.type.js';

@ObjectType({ isAbstract: true })
abstract class PromotionPayload extends Payload {
  @Field(() => Promotion, { nullable: true, description: 'The promotion as it is now; null when refused.' })
  promotion?: Promotion | null;
}

@ObjectType({ description: 'Result of createPromotion.' })
export class CreatePromotionPayload extends PromotionPayload {}

@ObjectType({ description: 'Result of updatePromotion.' })
export class UpdatePromotionPayload extends PromotionPayload {}

@ObjectType({ description: 'Result of deletePromotion.' })
export class DeletePromotionPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'Id of the promotion that is gone; null when refused.' })
  deletedPromotionId?: string | null;
}
