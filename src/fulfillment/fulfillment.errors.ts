import { UserErrorCode } from '../errors/codes.js';
import { Refusal } from '../errors/shop-error.js';

export class FulfillmentNotFound extends Refusal {
  constructor() {
    super(UserErrorCode.NOT_FOUND, 'The order has no such parcel.', ['input', 'fulfillmentId']);
  }
}
