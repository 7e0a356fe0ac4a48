import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { SIGNING_SECRET, TOKEN_ALGORITHM } from '../access/signing.js';
import { Config } from '../config/config.js';
import { UsersModule } from '../users/users.module.js';
import { AccessTokens } from './access-tokens.js';
import { AccountFollower } from './account-follower.js';
import { AuthResolver } from './auth.resolver.js';
import { AuthService } from './auth.service.js';
import { PasswordHasher } from './password-hasher.service.js';
import { SessionsQueries } from './sessions.queries.js';
import { SessionsService } from './sessions.service.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignInSteps } from './sign-in-steps.service.js';
import { StandingResolver } from './standing.resolver.js';
import { StandingService } from './standing.service.js';

/** Signing up, in, and out. */
@Module({
  imports: [
    UsersModule,
    JwtModule.registerAsync({
      inject: [SIGNING_SECRET, Config],
      useFactory: (secret: string, { jwtIssuer, jwtAudience }: Config) => ({
        secret,
        signOptions: { algorithm: TOKEN_ALGORITHM, issuer: jwtIssuer, audience: jwtAudience },
      }),
    }),
  ],
  providers: [
    AccessTokens,
    SignInLimits,
    SignInSteps,
    PasswordHasher,
    SessionsQueries,
    SessionsService,
    AuthService,
    AuthResolver,
    StandingService,
    StandingResolver,
    AccountFollower,
  ],
  exports: [AuthService, PasswordHasher, SignInSteps],
})
export class AuthModule {}
