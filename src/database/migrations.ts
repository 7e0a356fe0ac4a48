import { Accounts1763800000001 } from './migrations/1763800000001-accounts.js';
import { Buying1763800000004 } from './migrations/1763800000004-buying.js';
import { Catalogue1763800000002 } from './migrations/1763800000002-catalogue.js';
import { EventDays1763800000005 } from './migrations/1763800000005-event-days.js';
import { Events1763800000000 } from './migrations/1763800000000-events.js';
import { Jobs1763800000007 } from './migrations/1763800000007-jobs.js';
import { ReadIndexes1763800000008 } from './migrations/1763800000008-read-indexes.js';
import { Standing1763800000006 } from './migrations/1763800000006-standing.js';
import { Terms1763800000003 } from './migrations/1763800000003-terms.js';

/** All migrations, oldest first. */
export const MIGRATIONS = [
  Events1763800000000,
  Accounts1763800000001,
  Catalogue1763800000002,
  Terms1763800000003,
  Buying1763800000004,
  EventDays1763800000005,
  Standing1763800000006,
  Jobs1763800000007,
  ReadIndexes1763800000008,
];
