import type { AccessContext } from '../access/access.decorators.js';
import type { StatementLog } from '../telemetry/statements.js';

/** What resolvers know of the operation: who asks. Loaders hang their caches on it, so it lives as long as one operation or event. */
export interface ShopContext extends AccessContext {
  /** Address of the client, for limits. */
  address: string;
  /** Counts SQL statements outside of production; `null` there. */
  statements: StatementLog | null;
  /** When the operation began, in milliseconds of the monotonic clock. */
  startedAt: number;
}
