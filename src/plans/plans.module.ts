import { Global, Module } from '@nestjs/common';
import { connectionShapes, PAGE_INFO } from './connection-shape.js';
import { MONEY } from './money-shape.js';
import { Planner } from './planner.service.js';

/** Queries that PostgreSQL answers as JSON in one statement. */
@Global()
@Module({ providers: [Planner], exports: [Planner] })
export class PlansModule {
  constructor(planner: Planner) {
    planner.register('Money', MONEY);
    planner.register('PageInfo', PAGE_INFO);
    for (const [type, shape] of connectionShapes('Product', 'ProductConnection')) planner.register(type, shape);
  }
}
