import { Extensions, Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Node } from '../graphql/node.js';
import { connectionOf } from '../graphql/page.js';
import { LIST_SIZE } from '../operations/limits.js';

/** Problems of one job that are kept; there may have been more. */
export const MAX_PROBLEMS = 100;

/** What a job does. */
export enum JobKind {
  PRODUCT_IMPORT = 'PRODUCT_IMPORT',
}

registerEnumType(JobKind, {
  name: 'JobKind',
  description: 'What a job does.',
  valuesMap: { PRODUCT_IMPORT: { description: 'Adds and changes products from rows of a file.' } },
});

/** Where a job stands. */
export enum JobState {
  QUEUED = 'QUEUED',
  RUNNING = 'RUNNING',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(JobState, {
  name: 'JobState',
  description: 'Where a job stands.',
  valuesMap: {
    QUEUED: { description: 'It waits for its turn.' },
    RUNNING: {
      description: 'It is being done. When the server that does it is lost, another one goes on within seconds.',
    },
    SUCCEEDED: { description: 'It is done, though not perhaps without problems.' },
    FAILED: { description: 'It could not be done; failure tells why.' },
    CANCELLED: { description: 'Somebody has cancelled it. What had been done by then stays.' },
  },
});

@ObjectType({ description: 'How far a job has come.' })
export class JobProgress {
  @Field(() => Int, { description: 'Items that are dealt with, such as rows of a file.' })
  done: number;

  @Field(() => Int, { description: 'Items that there are.' })
  total: number;
}

@ObjectType({ description: 'An item of a job that could not be used and was left out.' })
export class JobProblem {
  @Field(() => Int, { description: 'Which item: the line of the file, from 1; the header of CSV is line 1.' })
  line: number;

  @Field({ description: 'Why, for people.' })
  reason: string;
}

@ObjectType({ implements: () => [Node], description: 'Work that is done behind a request. Staff only.' })
export class Job extends Node {
  @Field(() => JobKind, { description: 'What it does.' })
  kind: JobKind;

  @Field(() => JobState, { description: 'Where it stands.' })
  state: JobState;

  @Field(() => JobProgress, {
    description: 'How far it has come. Nothing is counted twice, also when servers are lost.',
  })
  progress: JobProgress;

  @Field(() => String, { nullable: true, description: 'Why it has FAILED, for people; null in every other state.' })
  failure: string | null;

  @Extensions({ [LIST_SIZE]: MAX_PROBLEMS })
  @Field(() => [JobProblem], {
    description: `What was left out so far, in the order of lines: the first ${MAX_PROBLEMS}.`,
  })
  problems: JobProblem[];

  @Field({ description: 'When somebody asked for it.' })
  createdAt: Date;

  @Field(() => Date, {
    nullable: true,
    description: 'When a server began with it; null while it has never been begun.',
  })
  startedAt: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended, one way or another; null before.' })
  finishedAt: Date | null;

  @Field(() => Int, { description: 'Grows with every change.' })
  version: number;

  /** Not in the schema: who asked for it leads to the user. */
  createdById: string | null;

  /** Not in the schema: what the job has found out, for the room whose job it is. */
  result: unknown;
}

@ObjectType({ description: 'A page of jobs, newest first.' })
export class JobConnection extends connectionOf(Job, 'Job') {}

/** Work that somebody asks for. */
export interface NewJob {
  kind: JobKind;
  /** What the handler needs, as JSON. Forgotten when the job is over. */
  input: object;
  /** Items that there are. */
  total: number;
  createdById: string;
}
