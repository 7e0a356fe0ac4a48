import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { Allow, AllowRevoked, CurrentUser, PublicWithoutToken, TokenOwner } from '../access/access.decorators.js';
import type { Viewer } from '../access/viewer.js';
import type { ShopContext } from '../graphql/context.js';
import { succeeded } from '../graphql/payload.js';
import {
  ChangeEmailInput,
  ChangePasswordInput,
  LoginInput,
  LogoutInput,
  RefreshSessionInput,
  RegisterInput,
} from './auth.inputs.js';
import { ChangeEmailPayload, LogoutPayload, SessionPayload } from './auth.payloads.js';
import { AuthService } from './auth.service.js';

@Resolver()
export class AuthResolver {
  constructor(private readonly service: AuthService) {}

  @PublicWithoutToken()
  @Mutation(() => SessionPayload, {
    description:
      'Makes an account with the role USER and signs it in. Refused with EMAIL_TAKEN; too many are RATE_LIMITED.',
  })
  async register(
    @Args('input', { description: 'The account.' }) input: RegisterInput,
    @Context() { address }: ShopContext,
  ): Promise<SessionPayload> {
    return succeeded(await this.service.register(input, address));
  }

  @PublicWithoutToken()
  @Mutation(() => SessionPayload, {
    description:
      'Signs in. Refused with INVALID_CREDENTIALS, for an unknown account as for a wrong password, and with the right one ' +
      'perhaps with ACCOUNT_DISABLED; too many are RATE_LIMITED.',
  })
  async login(
    @Args('input', { description: 'Who signs in.' }) input: LoginInput,
    @Context() { address }: ShopContext,
  ): Promise<SessionPayload> {
    return succeeded(await this.service.login(input, address));
  }

  @PublicWithoutToken()
  @Mutation(() => SessionPayload, {
    description:
      'Gives new tokens for a session, with the roles of now. A refresh token can be used once: sent again, it ends the session. ' +
      'Refused with INVALID_REFRESH_TOKEN; too many are RATE_LIMITED.',
  })
  async refreshSession(
    @Args('input', { description: 'The session.' }) input: RefreshSessionInput,
    @Context() { address }: ShopContext,
  ): Promise<SessionPayload> {
    return succeeded(await this.service.refresh(input.refreshToken, address));
  }

  @PublicWithoutToken()
  @Mutation(() => LogoutPayload, {
    description:
      'Ends a session: it cannot be refreshed, and its access tokens are revoked. Succeeds also when it has ended before.',
  })
  async logout(@Args('input', { description: 'The session.' }) input: LogoutInput): Promise<LogoutPayload> {
    await this.service.logout(input.refreshToken);
    return succeeded({});
  }

  // Ends the session that asks: with its key it must be answered again.
  @AllowRevoked()
  @Mutation(() => SessionPayload, {
    description:
      "Changes the viewer's password, ends all their sessions, this one too, and opens a new one. " +
      'Refused with INVALID_CREDENTIALS, ACCOUNT_DISABLED; too many are RATE_LIMITED.',
  })
  async changePassword(
    @Args('input', { description: 'Both passwords.' }) input: ChangePasswordInput,
    @TokenOwner() viewer: Viewer,
    @Context() { address }: ShopContext,
  ): Promise<SessionPayload> {
    return succeeded(await this.service.changePassword(viewer, input, address));
  }

  @Allow()
  @Mutation(() => ChangeEmailPayload, {
    description:
      "Changes the viewer's e-mail address. Refused with INVALID_CREDENTIALS, EMAIL_TAKEN; too many are RATE_LIMITED.",
  })
  async changeEmail(
    @Args('input', { description: 'Address and password.' }) input: ChangeEmailInput,
    @CurrentUser() viewer: Viewer,
    @Context() { address }: ShopContext,
  ): Promise<ChangeEmailPayload> {
    return succeeded({ user: await this.service.changeEmail(viewer, input, address) });
  }
}
