import { Args, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { succeeded } from '../graphql/payload.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { Job, JobKind } from '../jobs/job.type.js';
import { ImportProductsInput } from './import.inputs.js';
import { ImportedRows, ImportProductsPayload } from './import.payloads.js';
import { ProductImportJobs } from './product-import-jobs.service.js';

@Resolver()
export class ImportsResolver {
  constructor(private readonly jobs: ProductImportJobs) {}

  @Allow(Role.STAFF, Role.ADMIN)
  @Mutation(() => ImportProductsPayload, {
    description:
      'Adds and changes products behind the request, in steps of about 100 rows. Rows that cannot be used are left out and told by ' +
      'the job. The same content again changes nothing. Staff only. Refused with FILE_INVALID, TOO_MANY_JOBS.',
  })
  async importProducts(
    @Args('input', { description: 'The rows.' }) input: ImportProductsInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<ImportProductsPayload> {
    return succeeded({ job: await this.jobs.enqueue(viewer, input) });
  }
}

@Resolver(() => Job)
export class JobImportResolver {
  @ViewerScope('public')
  @ResolveField(() => ImportedRows, {
    nullable: true,
    description: 'What became of the rows so far; null before the first step, and for jobs that import nothing.',
  })
  imported({ kind, result }: Job): ImportedRows | null {
    return kind === JobKind.PRODUCT_IMPORT ? (result as ImportedRows | null) : null;
  }
}
