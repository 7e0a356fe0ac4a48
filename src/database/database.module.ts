import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Database } from './database.js';

/** Makes an open database injectable everywhere. Who opened it closes it, after the application has closed. */
@Global()
@Module({})
export class DatabaseModule {
  static of(database: Database): DynamicModule {
    return { module: DatabaseModule, providers: [{ provide: Database, useValue: database }], exports: [Database] };
  }
}
