import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { succeeded } from '../graphql/payload.js';
import { DisableUserInput, EnableUserInput } from '../users/user.inputs.js';
import { DisableUserPayload, EnableUserPayload } from './auth.payloads.js';
import { StandingService } from './standing.service.js';

@Resolver()
export class StandingResolver {
  constructor(private readonly service: StandingService) {}

  @Allow(Role.ADMIN)
  @Mutation(() => DisableUserPayload, {
    description:
      'Lets nobody sign in to an account any more, and ends all its sessions at once, everywhere. ' +
      'Changes nothing when it is disabled already. Administrators only. ' +
      'Refused with OWN_ACCOUNT, NOT_FOUND, VERSION_CONFLICT, LAST_ADMIN.',
  })
  async disableUser(
    @Args('input', { description: 'The account.' }) input: DisableUserInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<DisableUserPayload> {
    return succeeded({ user: await this.service.disable(viewer, input) });
  }

  @Allow(Role.ADMIN)
  @Mutation(() => EnableUserPayload, {
    description:
      'Lets the owner of an account sign in again. Changes nothing when they can. Administrators only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT.',
  })
  async enableUser(
    @Args('input', { description: 'The account.' }) input: EnableUserInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<EnableUserPayload> {
    return succeeded({ user: await this.service.enable(viewer, input) });
  }
}
