import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** @param field the input field that names the account; `null` when it is the viewer's own */
export class UserNotFound extends Refusal {
  constructor(field: string | null) {
    super(UserErrorCode.NOT_FOUND, 'There is no such account.', field === null ? null : ['input', field]);
  }
}

export class UserVersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'The account has been changed since you read it.', [
      'input',
      'expectedVersion',
    ]);
  }
}

export class EmailTaken extends Refusal {
  constructor() {
    super(UserErrorCode.EMAIL_TAKEN, 'Another account has this e-mail address.', ['input', 'email']);
  }
}

/** @param field the input field that would leave the shop without an administrator who can sign in */
export class LastAdmin extends Refusal {
  constructor(field: string) {
    super(UserErrorCode.LAST_ADMIN, 'This is the last administrator: give the role to somebody else first.', [
      'input',
      field,
    ]);
  }
}

/** Somebody would shut themselves out. */
export class OwnAccount extends Refusal {
  constructor() {
    super(UserErrorCode.OWN_ACCOUNT, 'This is your own account: another administrator can do it.', ['input', 'userId']);
  }
}
