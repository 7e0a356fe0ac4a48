import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Config } from '../config/config.js';
import { signingSecret } from '../config/development-secret.js';
import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { JwtStrategy } from './jwt.strategy.js';
import { Revocations } from './revocations.js';
import { SIGNING_SECRET } from './signing.js';

/** Who is asking, and may they: needed by every room, so it is global and knows no table. */
@Global()
@Module({
  providers: [
    { provide: SIGNING_SECRET, useFactory: signingSecret, inject: [Config] },
    { provide: APP_GUARD, useClass: AccessGuard },
    JwtStrategy,
    Revocations,
    Authenticator,
  ],
  exports: [Authenticator, Revocations, SIGNING_SECRET],
})
export class AccessModule {}
