import { Accounts1763800000001 } from './migrations/1763800000001-accounts.js';
import { Catalogue1763800000002 } from './migrations/1763800000002-catalogue.js';
import { Events1763800000000 } from './migrations/1763800000000-events.js';

/** All migrations, oldest first. */
export const MIGRATIONS = [Events1763800000000, Accounts1763800000001, Catalogue1763800000002];
