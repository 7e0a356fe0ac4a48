import type { OnModuleInit } from '@nestjs/common';
import { Args, Context, Extensions, ID, Mutation, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser, Public } from '../access/access.decorators.js';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { LIST_SIZE } from '../operations/limits.js';
import { NodeRegistry } from '../graphql/node.js';
import type { Connection } from '../graphql/page.js';
import { succeeded } from '../graphql/payload.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { MAX_ADDRESSES } from './addresses.errors.js';
import { AddressesOfUser } from './addresses.loaders.js';
import { SavedAddress } from './saved-address.type.js';
import { AssignRolesInput, UpdateMeInput, UserArgs, UsersArgs } from './user.inputs.js';
import { AssignRolesPayload, UpdateMePayload } from './user.payloads.js';
import { User, UserConnection } from './user.type.js';
import { UserById } from './users.loaders.js';
import { UsersService } from './users.service.js';

@Resolver(() => User)
export class UsersResolver implements OnModuleInit {
  constructor(
    private readonly service: UsersService,
    private readonly byId: UserById,
    private readonly addressesOf: AddressesOfUser,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<User | null> => this.byId.in(context).load(uuid);
    this.nodes.register('user', { typeName: 'User', load });
  }

  @Public()
  @Query(() => User, { nullable: true, description: "The viewer's own account; null when nobody is signed in." })
  async me(@Context() context: ShopContext): Promise<User | null> {
    return context.viewer && this.byId.in(context).load(context.viewer.id);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => UserConnection, { description: 'Accounts, newest first. Staff only.' })
  users(@Args() args: UsersArgs): Promise<Connection<User>> {
    return this.service.list(args);
  }

  @Allow(Role.STAFF, Role.ADMIN)
  @Query(() => User, { nullable: true, description: 'One account; null when there is none. Staff only.' })
  user(@Args() { id }: UserArgs, @Context() context: ShopContext): Promise<User | null> {
    return this.byId.in(context).load(id);
  }

  @Allow()
  @Mutation(() => UpdateMePayload, {
    description:
      "Changes the viewer's own account. Refused with VERSION_CONFLICT, or NOT_FOUND when the account is gone.",
  })
  async updateMe(
    @Args('input', { description: 'The changes.' }) input: UpdateMeInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<UpdateMePayload> {
    return succeeded({ user: await this.service.updateMe(viewer, input) });
  }

  @Allow(Role.ADMIN)
  @Mutation(() => AssignRolesPayload, {
    description:
      'Sets what an account may do. Its access tokens are revoked; refreshSession gives one with the new roles. ' +
      'Administrators only. ' +
      'Refused with NOT_FOUND, VERSION_CONFLICT, LAST_ADMIN.',
  })
  async assignRoles(
    @Args('input', { description: 'Account and roles.' }) input: AssignRolesInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<AssignRolesPayload> {
    return succeeded({ user: await this.service.assignRoles(viewer, input) });
  }

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(user: User): string {
    return toGlobalId('user', user.id);
  }

  @Extensions({ [LIST_SIZE]: MAX_ADDRESSES })
  @ViewerScope('public')
  @ResolveField(() => [SavedAddress], {
    description: `The address book: the default for shipping first, then the newest. At most ${MAX_ADDRESSES}.`,
  })
  addresses({ id }: User, _: unknown, context: ShopContext): Promise<SavedAddress[]> {
    // Who holds an account has signed in as its owner just now, or may see it: nobody else is given one.
    return this.addressesOf.in(context).load(id);
  }
}
