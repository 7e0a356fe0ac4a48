import { Args, Resolver, Subscription } from '@nestjs/graphql';
import { Allow } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { LoggedEvent } from '../events/event.js';
import { toGlobalId } from '../graphql/global-id.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { Watch } from '../live/watch.js';
import { JobEvent, JobEventsArgs } from './job-event.type.js';
import { JOB_TOPIC, JobEventType, type JobEventPayload } from './jobs.events.js';

@Resolver()
export class JobsSubscriptions {
  @Allow(Role.STAFF, Role.ADMIN)
  @ViewerScope('role')
  @Subscription(() => JobEvent, {
    description:
      'What happens to jobs, in order, without gaps, resumable by the cursor of the last event. Staff only. ' +
      'Errors: CURSOR_INVALID, CURSOR_EXPIRED.',
  })
  jobEvents(@Args() { after, jobId }: JobEventsArgs): Watch<JobEvent> {
    return new Watch({ topic: JOB_TOPIC, entityIds: jobId == null ? null : [jobId], after, tell: toldOf });
  }
}

function toldOf({ type, at, payload }: LoggedEvent, cursor: string): JobEvent {
  const { job } = payload as JobEventPayload;
  return {
    cursor,
    occurredAt: at,
    type: JobEventType[type as keyof typeof JobEventType],
    jobId: toGlobalId('job', job.id),
    job,
  };
}
