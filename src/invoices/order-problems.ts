import { BadRow } from '../files/files.errors.js';

/** Why a line of an order file is left out, as a summary groups such lines. */
export enum LineProblemKind {
  UNUSABLE = 'a value cannot be used',
  INVOICE = 'another line of the invoice cannot be used',
  NEGATIVE = 'a negative quantity, and no cancellation',
  OTHER_ORDER = 'the shop has another order under the number',
  NO_CUSTOMER = 'a cancellation without a customer',
  NO_UNITS = 'a discount on its own',
  NO_ORDER = 'a cancellation of nothing that an earlier order has left',
}

/** A line that was left out, with what it comes to. */
export interface LineFault {
  line: number;
  kind: LineProblemKind;
  reason: string;
  /** Price times quantity in minor units; `null` when that cannot be read. */
  amountMinor: bigint | null;
}

/** One line that does not fit into an order, or into the shop. The message is the reason, beginning with the column. */
export class BadLine extends BadRow {
  constructor(
    readonly kind: LineProblemKind,
    reason: string,
  ) {
    super(reason);
  }
}
