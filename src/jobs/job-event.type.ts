import { ArgsType, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { IdField } from '../graphql/id-field.js';
import { Cursor } from '../graphql/scalars.js';
import { Job } from './job.type.js';
import { JobEventType } from './jobs.events.js';

registerEnumType(JobEventType, {
  name: 'JobEventType',
  description: 'What can happen to a job.',
  valuesMap: {
    QUEUED: { description: 'It waits for its turn: it is new, or the server that did it could not go on.' },
    STARTED: { description: 'A server has begun with it, or goes on where another one was lost.' },
    PROGRESSED: { description: 'More of it is done. Told a few times a second at most.' },
    SUCCEEDED: { description: 'It is done.' },
    FAILED: { description: 'It could not be done.' },
    CANCELLED: { description: 'Somebody has cancelled it.' },
  },
});

@ObjectType({ description: 'Something that happened to a job.' })
export class JobEvent {
  @Field(() => Cursor, { description: 'Position in the stream; subscribe after it to go on from here.' })
  cursor: string;

  @Field({ description: 'When it happened.' })
  occurredAt: Date;

  @Field(() => JobEventType, { description: 'What happened.' })
  type: JobEventType;

  @Field(() => ID, { description: 'Id of the job.' })
  jobId: string;

  @Field(() => Job, { description: 'The job right after the change, whatever happened since.' })
  job: Job;
}

@ArgsType()
export class JobEventsArgs {
  @Field(() => Cursor, {
    nullable: true,
    description: 'Go on after this cursor; without it, with what happens from now on.',
  })
  after?: string | null;

  @IdField('job', { nullable: true, description: 'Only this job; all jobs without it.' })
  jobId?: string | null;
}
