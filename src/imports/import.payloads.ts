import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { Job } from '../jobs/job.type.js';

@ObjectType({ description: 'Result of importProducts.' })
export class ImportProductsPayload extends Payload {
  @Field(() => Job, {
    nullable: true,
    description: 'The job that does it, in jobEvents from its first step on; null when refused.',
  })
  job?: Job | null;
}

@ObjectType({ description: 'What became of the rows of an import so far. Each row is counted once.' })
export class ImportedRows {
  @Field(() => Int, { description: 'Rows that became new variants.' })
  created: number;

  @Field(() => Int, { description: 'Rows that changed a variant or its product.' })
  updated: number;

  @Field(() => Int, { description: 'Rows that said nothing new.' })
  unchanged: number;

  @Field(() => Int, { description: 'Rows that could not be used; problems of the job tells the first of them.' })
  rejected: number;

  @Field(() => [String], { description: 'Columns of the content that mean nothing here.' })
  ignoredColumns: string[];
}
