import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { JobHandlers } from './job-handlers.service.js';
import { JobRunsQueries } from './job-runs.queries.js';
import { JobRuns } from './job-runs.service.js';
import { JobWorker } from './job-worker.js';
import { JobById } from './jobs.loaders.js';
import { JobsQueries } from './jobs.queries.js';
import { JobsResolver } from './jobs.resolver.js';
import { JobsService } from './jobs.service.js';
import { JobsSubscriptions } from './jobs.subscriptions.js';

/** Work that is done behind a request: queued with a change, done once, by whichever server comes to it. */
@Module({
  imports: [UsersModule],
  providers: [
    JobsQueries,
    JobRunsQueries,
    JobHandlers,
    JobRuns,
    JobWorker,
    JobsService,
    JobById,
    JobsResolver,
    JobsSubscriptions,
  ],
  exports: [JobsService, JobHandlers],
})
export class JobsModule {}
