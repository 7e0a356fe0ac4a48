import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** The same for an unknown account and a wrong password. */
export class InvalidCredentials extends Refusal {
  constructor() {
    super(UserErrorCode.INVALID_CREDENTIALS, 'E-mail address and password do not belong together.');
  }
}

/** Told only to who knows the password. */
export class AccountDisabled extends Refusal {
  constructor() {
    super(UserErrorCode.ACCOUNT_DISABLED, 'This account is disabled. Ask the shop.');
  }
}

/** Somebody is signed in and does not know the account's password. */
export class WrongPassword extends Refusal {
  constructor() {
    super(UserErrorCode.INVALID_CREDENTIALS, 'This is not your password.', ['input', 'currentPassword']);
  }
}

/** The same for an unknown, used, revoked or old token. */
export class InvalidRefreshToken extends Refusal {
  constructor() {
    super(UserErrorCode.INVALID_REFRESH_TOKEN, 'The session is over: sign in again.', ['input', 'refreshToken']);
  }
}
