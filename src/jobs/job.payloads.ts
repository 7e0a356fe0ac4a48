import { Field, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Job } from './job.type.js';

@ObjectType({ description: 'Result of cancelJob.' })
export class CancelJobPayload extends Payload {
  @Field(() => Job, { nullable: true, description: 'The job as it is now; null when refused.' })
  job?: Job | null;
}
