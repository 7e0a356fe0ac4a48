import { Injectable } from '@nestjs/common';
import { AttemptLimits } from '../access/attempt-limits.js';
import { Config } from '../config/config.js';

/** How many refused coupons one client network may try in a minute: who guesses codes gets no further. */
@Injectable()
export class CouponLimits extends AttemptLimits {
  constructor(config: Config) {
    super(config.couponAttemptsPerMinute);
  }

  /** Does something that enters coupons; a refusal counts. @param address of the client @throws RateLimited before the work begins */
  entering<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.countingRefusals('coupon', { address, account: null }, work);
  }
}
