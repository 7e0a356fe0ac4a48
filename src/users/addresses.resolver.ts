import type { OnModuleInit } from '@nestjs/common';
import { Args, ID, Mutation, ResolveField, Resolver } from '@nestjs/graphql';
import { Allow, CurrentUser } from '../access/access.decorators.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { toGlobalId } from '../graphql/global-id.js';
import { NodeRegistry } from '../graphql/node.js';
import { succeeded } from '../graphql/payload.js';
import { CreateAddressInput, DeleteAddressInput, UpdateAddressInput } from './address.inputs.js';
import { AddressById } from './addresses.loaders.js';
import { AddressesService } from './addresses.service.js';
import { CreateAddressPayload, DeleteAddressPayload, UpdateAddressPayload } from './saved-address.payloads.js';
import { SavedAddress } from './saved-address.type.js';

@Resolver(() => SavedAddress)
export class AddressesResolver implements OnModuleInit {
  constructor(
    private readonly service: AddressesService,
    private readonly byId: AddressById,
    private readonly nodes: NodeRegistry,
  ) {}

  onModuleInit(): void {
    const load = (uuid: string, context: ShopContext): Promise<SavedAddress | null> => this.byId.in(context).load(uuid);
    this.nodes.register('address', { typeName: 'SavedAddress', load });
  }

  @Allow()
  @Mutation(() => CreateAddressPayload, {
    description:
      "Adds an address to the viewer's own book; the first one becomes the default for everything. " +
      'Refused with TOO_MANY_ADDRESSES, or NOT_FOUND when the account is gone.',
  })
  async createAddress(
    @Args('input', { description: 'The address.' }) input: CreateAddressInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<CreateAddressPayload> {
    return succeeded(await this.service.create(viewer, input));
  }

  @Allow()
  @Mutation(() => UpdateAddressPayload, {
    description: "Changes an address of the viewer's own book. Refused with NOT_FOUND, VERSION_CONFLICT.",
  })
  async updateAddress(
    @Args('input', { description: 'The changes.' }) input: UpdateAddressInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<UpdateAddressPayload> {
    return succeeded(await this.service.update(viewer, input));
  }

  @Allow()
  @Mutation(() => DeleteAddressPayload, {
    description:
      "Deletes an address of the viewer's own book; when it was a default, there is none until another one is made it. " +
      'Refused with NOT_FOUND, VERSION_CONFLICT.',
  })
  async deleteAddress(
    @Args('input', { description: 'Which one.' }) input: DeleteAddressInput,
    @CurrentUser() viewer: Viewer,
  ): Promise<DeleteAddressPayload> {
    const user = await this.service.delete(viewer, input);
    return succeeded({ user, deletedAddressId: toGlobalId('address', input.id) });
  }

  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(address: SavedAddress): string {
    return toGlobalId('address', address.id);
  }
}
