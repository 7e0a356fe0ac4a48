import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** The greatest number of addresses in one book. */
export const MAX_ADDRESSES = 50;

/** There is no such address in the viewer's own book, whatever is in others. */
export class AddressNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'There is no such address in your book.', ['input', 'id']);
  }
}

export class AddressVersionConflict extends Refusal {
  constructor() {
    super(UserErrorCode.VERSION_CONFLICT, 'The address has been changed since you read it.', [
      'input',
      'expectedVersion',
    ]);
  }
}

export class TooManyAddresses extends Refusal {
  constructor() {
    super(UserErrorCode.TOO_MANY_ADDRESSES, `An address book has at most ${MAX_ADDRESSES} addresses.`);
  }
}
