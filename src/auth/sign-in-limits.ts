import { Injectable } from '@nestjs/common';
import { AttemptLimits } from '../access/attempt-limits.js';
import { Config } from '../config/config.js';

/** How often somebody may try to sign in, sign up, refresh or name a password. */
@Injectable()
export class SignInLimits extends AttemptLimits {
  constructor(config: Config) {
    super(config.signInAttemptsPerMinute);
  }
}
