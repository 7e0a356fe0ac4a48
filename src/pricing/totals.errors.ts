import { BadUserInput } from '../errors/request-errors.js';

/** The goods cost more than can be counted exactly: a total is never rounded for that. */
export class TotalTooHigh extends BadUserInput {
  constructor() {
    super([{ path: 'input', message: 'the goods cost more than this shop can count; take fewer' }]);
  }
}
