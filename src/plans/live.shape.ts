import type { EventFeed } from '../events/event-feed.js';
import type { Shape } from './shape.js';

/** Where the stream of events stood when the statement was written: before anything is read, so that no change is missed. */
export function liveQueries(feed: EventFeed): Shape<null> {
  return { liveCursor: (_, __, draft) => `${draft.bind(feed.cursor())}::text` };
}
