import { Module } from '@nestjs/common';
import { UserById } from './users.loaders.js';
import { UsersQueries } from './users.queries.js';
import { UsersResolver } from './users.resolver.js';
import { UsersService } from './users.service.js';

/** Accounts. */
@Module({
  providers: [UsersQueries, UsersService, UserById, UsersResolver],
  exports: [UsersService, UserById],
})
export class UsersModule {}
