/**
 * A product was changed between the reading of its offer and its lock. No refusal: the transaction must be rolled back, and the
 * price made again.
 */
export class OfferGone extends Error {
  constructor() {
    super('A product was changed while an order of it was being made.');
    this.name = 'OfferGone';
  }
}
