import { createHmac, randomBytes } from 'node:crypto';
import { RateLimiterCluster, RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { RateLimited } from '../errors/request-errors.js';
import { Refusal } from '../errors/shop-error.js';
import { ownPlace } from '../workers/worker-messages.js';
import { networkOf } from './client-network.js';

/** Who tries: a client, and the account that it wants. */
export interface Attempt {
  /** Address of the client. */
  address: string;
  /** What names the account, always in the same spelling; `null` when the attempt names none. */
  account: string | null;
}

const SECONDS = 60;
const COUNTERS = 131_072;
const PRIMARY_ANSWERS_MS = 5_000;

/**
 * Counts attempts per client network and per account in fixed windows of a minute, in the memory of this process or, for
 * one of several workers, of their primary.
 * Keys share a fixed number of counters by a hash that nobody outside can foretell, so that no flood of names fills the memory.
 */
export abstract class AttemptLimits {
  private readonly limiter: RateLimiterAbstract;
  private readonly key: Buffer;

  /** @param perMinute attempts that one network, or one account, has for each purpose */
  constructor(perMinute: number) {
    const place = ownPlace();
    const limit = { points: perMinute, duration: SECONDS, keyPrefix: `${this.constructor.name} ${perMinute}` };
    this.limiter = place
      ? new RateLimiterCluster({ ...limit, timeoutMs: PRIMARY_ANSWERS_MS })
      : new RateLimiterMemory(limit);
    this.key = place ? Buffer.from(place.counterKey, 'hex') : randomBytes(16);
  }

  /**
   * Does something that counts in any case.
   * @param purpose what is limited together
   * @throws RateLimited before the work begins
   */
  async counting<T>(purpose: string, attempt: Attempt, work: () => Promise<T>): Promise<T> {
    for (const counter of this.countersOf(purpose, attempt)) await this.take(counter);
    return work();
  }

  /**
   * Does something that counts only when it is refused, such as a guess. All attempts under way count,
   * so many at once get no further than one after the other.
   * @throws RateLimited before the work begins
   */
  async countingRefusals<T>(purpose: string, attempt: Attempt, work: () => Promise<T>): Promise<T> {
    try {
      const result = await this.counting(purpose, attempt, work);
      await this.giveBack(purpose, attempt);
      return result;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof RateLimited)) await this.giveBack(purpose, attempt);
      throw error;
    }
  }

  private async take(counter: string): Promise<void> {
    try {
      await this.limiter.consume(counter);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new RateLimited(Math.ceil(error.msBeforeNext / 1_000));
      throw error;
    }
  }

  private async giveBack(purpose: string, attempt: Attempt): Promise<void> {
    for (const counter of this.countersOf(purpose, attempt)) await this.limiter.reward(counter);
  }

  private countersOf(purpose: string, { address, account }: Attempt): string[] {
    const names = [`${purpose} from ${networkOf(address)}`, ...(account === null ? [] : [`${purpose} to ${account}`])];
    return names.map((name) => {
      const digest = createHmac('sha256', this.key).update(name).digest();
      return String(digest.readUInt32BE() % COUNTERS);
    });
  }
}
