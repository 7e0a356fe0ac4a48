import type { NewEvent } from '../events/event.js';
import type { Job } from './job.type.js';

/** Topic of everything that happens to jobs. */
export const JOB_TOPIC = 'job';

/** What can happen to a job. */
export enum JobEventType {
  QUEUED = 'QUEUED',
  STARTED = 'STARTED',
  PROGRESSED = 'PROGRESSED',
  SUCCEEDED = 'SUCCEEDED',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}

/** What an event remembers: the job right after the change. Dates are texts after the way through JSON. */
export interface JobEventPayload {
  job: Job;
}

/** An event about a job, ready for the outbox. */
export function jobEvent(type: JobEventType, job: Job): NewEvent {
  const payload: JobEventPayload = { job };
  return { topic: JOB_TOPIC, entityId: job.id, type, payload };
}
