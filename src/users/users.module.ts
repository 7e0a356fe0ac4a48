import { Module } from '@nestjs/common';
import { AddressById, AddressesOfUser } from './addresses.loaders.js';
import { AddressesQueries } from './addresses.queries.js';
import { AddressesResolver } from './addresses.resolver.js';
import { AddressesService } from './addresses.service.js';
import { UserById } from './users.loaders.js';
import { UsersQueries } from './users.queries.js';
import { UsersResolver } from './users.resolver.js';
import { UsersService } from './users.service.js';

/** Accounts and their address books. */
@Module({
  providers: [
    UsersQueries,
    UsersService,
    UserById,
    UsersResolver,
    AddressesQueries,
    AddressesService,
    AddressById,
    AddressesOfUser,
    AddressesResolver,
  ],
  exports: [UsersService, UserById],
})
export class UsersModule {}
