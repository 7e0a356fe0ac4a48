import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

/** Fewer units are there than were to be taken. Nothing was taken. */
export class OutOfStock extends Refusal {
  /** @param available units that could be taken */
  constructor(available: number, { sku, field }: { sku?: string; field?: readonly string[] | null } = {}) {
    const what = sku === undefined ? 'units' : `units of ${sku}`;
    super(UserErrorCode.OUT_OF_STOCK, `Only ${available} ${what} are available.`, field ?? ['input', 'delta']);
  }
}
