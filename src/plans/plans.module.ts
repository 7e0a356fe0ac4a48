import { Global, Module } from '@nestjs/common';
import { EventFeed } from '../events/event-feed.js';
import { KEPT_PAGE_INFO, PAGE_INFO } from './connection-shape.js';
import { liveQueries } from './live.shape.js';
import { KEPT_MONEY, MONEY } from './money-shape.js';
import { nodeQueries } from './node-shape.js';
import { Planner } from './planner.service.js';

/** Queries that PostgreSQL answers as JSON in one statement. */
@Global()
@Module({ providers: [Planner], exports: [Planner] })
export class PlansModule {
  constructor(planner: Planner, feed: EventFeed) {
    const queries = { ...liveQueries(feed), ...nodeQueries((kind) => planner.node(kind)) };
    planner.register({ Query: queries, Money: MONEY, PageInfo: PAGE_INFO });
    planner.keep({ Money: KEPT_MONEY, PageInfo: KEPT_PAGE_INFO });
  }
}
