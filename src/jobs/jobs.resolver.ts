import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { NodeRegistry } from '../graphql/node.js';
import type { Connection } from '../graphql/page.js';
import { succeeded } from '../graphql/payload.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { UserById } from '../users/users.loaders.js';
import { User } from '../users/user.type.js';
import { CancelJobInput, JobArgs, JobsArgs } from './job.inputs.js';
import { CancelJobPayload } from './job.payloads.js';
import { Job, JobConnection } from './job.type.js';
import { JobById } from './jobs.loaders.js';
import { JobsService } from './jobs.service.js';

@Resolver(() => Job)
export class JobsResolver implements OnModuleInit {
  constructor(
    private readonly service: JobsService,
    private readonly byId: JobById,
    private readonly users: UserById,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<Job | null> => this.byId.in(context).load(uuid);
    this.nodes.register('job', { typeName: 'Job', load });
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => JobConnection, {
    description: 'Jobs, newest first. Those that have been over for 30 days are forgotten. Staff only.',
  })
  jobs(@Args() args: JobsArgs): Promise<Connection<Job>> {
    return this.service.list(args);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => Job, { nullable: true, description: 'One job; null when there is none. Staff only.' })
  job(@Args() { id }: JobArgs, @Context() context: ShopContext): Promise<Job | null> {
    return this.byId.in(context).load(id);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => CancelJobPayload, {
    description:
      'Ends a job that waits or runs. What it has done stays, and nothing is added to it. Staff only. ' +
      'Refused with NOT_FOUND, ILLEGAL_TRANSITION when it is over.',
  })
  async cancelJob(@Args('input', { description: 'Which one.' }) input: CancelJobInput): Promise<CancelJobPayload> {
    return succeeded({ job: await this.service.cancel(input.jobId) });
  }

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(job: Job): string {
    return toGlobalId('job', job.id);
  }

  @ViewerScope('role')
  @ResolveField(() => User, { nullable: true, description: 'Who asked for it; null when the account is gone.' })
  createdBy({ createdById }: Job, _: unknown, context: ShopContext): Promise<User | null> | null {
    return createdById === null ? null : this.users.in(context).load(createdById);
  }
}
