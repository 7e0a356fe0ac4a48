import { ArgsType, Field, InputType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsOptional, ValidateNested } from 'class-validator';
import { IdField } from '../graphql/id-field.js';
import { PageArgs } from '../graphql/page.js';
import { JobKind, JobState } from './job.type.js';

@InputType({ description: 'Which jobs; all conditions hold together.' })
export class JobFilter {
  @Field(() => [JobKind], { nullable: true, description: 'One of these kinds.' })
  @IsOptional()
  @ArrayMaxSize(20)
  kinds?: JobKind[] | null;

  @Field(() => [JobState], { nullable: true, description: 'In one of these states.' })
  @IsOptional()
  @ArrayMaxSize(20)
  states?: JobState[] | null;
}

@ArgsType()
export class JobsArgs extends PageArgs {
  @Field(() => JobFilter, { nullable: true, description: 'Which jobs; all when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => JobFilter)
  filter?: JobFilter | null;
}

@ArgsType()
export class JobArgs {
  @IdField('job', { description: 'Id of the job.' })
  id: string;
}

@InputType({ description: 'The job that shall not be done, or not to its end.' })
export class CancelJobInput {
  @IdField('job', { description: 'The job.' })
  jobId: string;
}
