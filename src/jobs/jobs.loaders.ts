import { Injectable } from '@nestjs/common';
import { isStaff } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { BatchLoader, byKey } from '../graphql/batch-loader.js';
import type { ShopContext } from '../graphql/context.js';
import type { Job } from './job.type.js';
import { JobsQueries } from './jobs.queries.js';

/** Jobs by their UUIDs, for staff; `null` for what is not there, and for everybody else. */
@Injectable()
export class JobById extends BatchLoader<string, Job | null> {
  constructor(
    private readonly database: Database,
    private readonly queries: JobsQueries,
  ) {
    super();
  }

  protected async fetch(ids: readonly string[], { viewer }: ShopContext): Promise<(Job | null)[]> {
    const jobs = isStaff(viewer) ? await this.queries.byIds(this.database, ids) : [];
    return byKey(ids, jobs, (job) => job.id);
  }
}
