import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** Fewer units are there than were to be taken. Nothing was taken. */
export class OutOfStock extends Refusal {
  /** @param available units that could be taken */
  constructor(available: number) {
    super(UserErrorCode.OUT_OF_STOCK, `Only ${available} units are available.`, ['input', 'delta']);
  }
}
