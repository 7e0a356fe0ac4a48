import { Query, Resolver } from '@nestjs/graphql';
import { Public } from '../access/access.decorators.js';
import { EventFeed } from '../events/event-feed.js';
import { Cursor } from './scalars.js';

@Resolver()
export class LiveResolver {
  constructor(private readonly feed: EventFeed) {}

  @Public()
  @Query(() => Cursor, {
    description:
      'Where the stream of events stands. Read it in the same request as your data and subscribe after it: then no change is missed.',
  })
  liveCursor(): string {
    return this.feed.cursor();
  }
}
