import { Module } from '@nestjs/common';
import { connectionShapes } from '../plans/connection-shape.js';
import { Planner } from '../plans/planner.service.js';
import { AddressById, AddressesOfUser } from './addresses.loaders.js';
import { AddressesQueries } from './addresses.queries.js';
import { AddressesResolver } from './addresses.resolver.js';
import { AddressesService } from './addresses.service.js';
import { ADDRESS, addressWith, SAVED_ADDRESS, USER, USER_QUERIES, userWith } from './user.shape.js';
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
export class UsersModule {
  constructor(planner: Planner) {
    planner.register({ Query: USER_QUERIES, User: USER, SavedAddress: SAVED_ADDRESS, Address: ADDRESS });
    planner.register(connectionShapes('User', 'UserConnection'));
    planner.registerNode('user', { type: 'User', find: userWith });
    planner.registerNode('address', { type: 'SavedAddress', find: addressWith });
  }
}
