import { Injectable } from '@nestjs/common';
import { AttemptLimits } from '../access/attempt-limits.js';
import { Config } from '../config/config.js';

/** How many carts and guest orders one client network may make in a minute: each is a row that stays for days. */
@Injectable()
export class NewCarts extends AttemptLimits {
  constructor(config: Config) {
    super(config.newCartsPerMinute);
  }

  /** Makes a cart, or an order without one. @param address of the client @throws RateLimited before the work begins */
  making<T>(address: string, work: () => Promise<T>): Promise<T> {
    return this.counting('new cart', { address, account: null }, work);
  }
}
