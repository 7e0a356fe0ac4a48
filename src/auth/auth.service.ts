import { Injectable } from '@nestjs/common';
import { Role } from '../access/role.js';
import type { Viewer } from '../access/viewer.js';
import { Database } from '../database/database.js';
import { repeatable } from '../database/once.js';
import type { Tx } from '../database/db.js';
import type { User } from '../users/user.type.js';
import { UsersService, type Credentials } from '../users/users.service.js';
import { AccountDisabled, InvalidCredentials, WrongPassword } from './auth.errors.js';
import type { ChangeEmailInput, ChangePasswordInput, LoginInput, RegisterInput } from './auth.inputs.js';
import { PasswordHasher } from './password-hasher.service.js';
import { SessionsService, type OpenSession } from './sessions.service.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignInSteps } from './sign-in-steps.service.js';

/** Signing up, in, and out. Hashes are computed outside of transactions. */
@Injectable()
export class AuthService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionsService,
    private readonly limits: SignInLimits,
    private readonly steps: SignInSteps,
  ) {}

  /** Makes an account with the role USER and signs it in. @throws EmailTaken, RateLimited */
  register({ email, name, password, cartId = null }: RegisterInput, address: string): Promise<OpenSession> {
    return this.limits.counting('register', { address, account: email }, async () => {
      const passwordHash = await this.hasher.hash(password);
      return this.database.transaction(async (tx) => {
        const user = await this.users.create(tx, { email, name, passwordHash, roles: [Role.USER] });
        return this.enter(tx, user, cartId);
      });
    });
  }

  /**
   * @throws InvalidCredentials for an unknown account as for a wrong password, AccountDisabled only behind the right one;
   * RateLimited
   */
  login({ email, password, cartId = null }: LoginInput, address: string): Promise<OpenSession> {
    return this.limits.countingRefusals('login', { address, account: email }, async () => {
      const credentials = await this.users.credentials({ email });
      const matches = await this.hasher.verify(password, credentials?.passwordHash ?? null);
      if (!credentials || !matches) throw new InvalidCredentials();
      return this.database.transaction(async (tx) => {
        const user = await this.users.confirm(tx, credentials);
        // The password was changed while it was being checked.
        if (!user) throw new InvalidCredentials();
        if (user.disabledAt) throw new AccountDisabled();
        return this.enter(tx, user, cartId);
      });
    });
  }

  /** @throws InvalidRefreshToken, RateLimited */
  refresh(refreshToken: string, address: string): Promise<OpenSession> {
    return this.limits.countingRefusals('refresh', { address, account: null }, () =>
      this.sessions.refresh(refreshToken),
    );
  }

  /** Ends a session. Does nothing when it has ended. */
  logout(refreshToken: string): Promise<void> {
    return this.sessions.end(refreshToken);
  }

  /**
   * Changes the viewer's password, ends all their sessions and opens a new one.
   * @throws WrongPassword, AccountDisabled, RateLimited
   */
  changePassword(viewer: Viewer, input: ChangePasswordInput, address: string): Promise<OpenSession> {
    return this.limits.countingRefusals('password', { address, account: viewer.id }, () =>
      repeatable(this.database, async () => {
        const credentials = await this.checked(viewer, input.currentPassword);
        const newHash = await this.hasher.hash(input.newPassword);
        return this.database.transaction(async (tx) => {
          const user = await this.users.replacePassword(tx, credentials, newHash);
          if (!user) throw new WrongPassword();
          if (user.disabledAt) throw new AccountDisabled();
          return this.sessions.openOnly(tx, user);
        });
      }),
    );
  }

  /** @throws WrongPassword, EmailTaken, RateLimited */
  changeEmail(viewer: Viewer, input: ChangeEmailInput, address: string): Promise<User> {
    return this.limits.countingRefusals('password', { address, account: viewer.id }, async () => {
      const credentials = await this.checked(viewer, input.currentPassword);
      return this.database.transaction(async (tx) => {
        const user = await this.users.replaceEmail(tx, credentials, input.email);
        if (!user) throw new WrongPassword();
        return user;
      });
    });
  }

  private async enter(tx: Tx, user: User, cartId: string | null): Promise<OpenSession> {
    const session = await this.sessions.open(tx, user);
    await this.steps.take(tx, { userId: user.id, cartId });
    return session;
  }

  private async checked(viewer: Viewer, password: string): Promise<Credentials> {
    const credentials = await this.users.credentials({ id: viewer.id });
    const matches = await this.hasher.verify(password, credentials?.passwordHash ?? null);
    if (!credentials || !matches) throw new WrongPassword();
    return credentials;
  }
}
