import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { BadUserInput } from '../errors/request-errors.js';
import type { WantedLine } from '../pricing/quote.type.js';
import type {
  AddCartLinesInput,
  CartChangeInput,
  CartLineInput,
  RemoveCartLinesInput,
  UpdateCartLinesInput,
} from './cart.inputs.js';
import { CartChanges } from './cart-changes.service.js';
import { CartLinesQueries, type ChangedLine, type NewUnits } from './cart-lines.queries.js';
import type { LineRow } from './cart-line.type.js';
import type { CartHead, CartRow } from './cart.type.js';
import { CartLineNotFound, MAX_LINES, MAX_QUANTITY, NotForSale, TooManyLines, UnknownVariant } from './carts.errors.js';

/** Units that lines shall have, and the input field of each. */
interface WantedUnits {
  wanted: readonly NewUnits[];
  fieldOf: (index: number) => string[];
}

/** What is in carts. Stock is not looked at: what is not there is shown, and refused when it is ordered. */
@Injectable()
export class CartLinesService {
  constructor(
    private readonly changes: CartChanges,
    private readonly queries: CartLinesQueries,
  ) {}

  /** @throws CartNotFound, CartClosed, CartVersionConflict, UnknownVariant, NotForSale, TooManyLines, BadUserInput */
  add(input: AddCartLinesInput, viewer: Viewer | null): Promise<CartRow> {
    const wanted = summed(input.lines);
    const added = this.changes.runLines(
      { input, viewer },
      (tx, key) => this.queries.add(tx, key, wanted),
      (tx, cart, lines) => this.added(tx, cart, input.lines, lines),
    );
    return refusingTooManyUnits(added);
  }

  /** Sets the units of lines; 0 removes them. @throws CartNotFound, CartClosed, CartVersionConflict, CartLineNotFound */
  update(input: UpdateCartLinesInput, viewer: Viewer | null): Promise<CartRow> {
    return this.set(input, viewer, { wanted: input.lines, fieldOf: lineField });
  }

  /** @throws CartNotFound, CartClosed, CartVersionConflict, CartLineNotFound */
  remove(input: RemoveCartLinesInput, viewer: Viewer | null): Promise<CartRow> {
    const wanted = input.lineIds.map((id) => ({ id, quantity: 0 }));
    return this.set(input, viewer, { wanted, fieldOf: lineIdField });
  }

  /**
   * Puts units into a cart of the viewer that the transaction has locked. Answers the cart with all its lines.
   * @throws UnknownVariant, NotForSale, TooManyLines
   * @throws a violated constraint when a line would have too many units; `refusingTooManyUnits` tells what that means
   */
  async addTo(tx: Tx, cart: CartHead, wanted: readonly CartLineInput[]): Promise<CartRow> {
    const key = { cartId: cart.id, viewerId: cart.customerId };
    return this.added(tx, cart, wanted, await this.queries.add(tx, key, summed(wanted)));
  }

  private async added(
    tx: Tx,
    cart: CartHead,
    wanted: readonly CartLineInput[],
    lines: readonly ChangedLine[],
  ): Promise<CartRow> {
    const added = new Set(lines.filter(({ changed }) => changed).map(({ variantId }) => variantId));
    const missing = wanted.findIndex(({ variantId }) => !added.has(variantId));
    if (missing >= 0) await this.refuseMissing(tx, wanted, missing);
    if (lines.length > MAX_LINES) throw new TooManyLines();
    return { ...cart, lines: lines.map(plain) };
  }

  private set(input: CartChangeInput, viewer: Viewer | null, { wanted, fieldOf }: WantedUnits): Promise<CartRow> {
    return this.changes.runLines(
      { input, viewer },
      (tx, key) => this.queries.set(tx, key, wanted),
      async (_, cart, lines) => {
        const known = new Set(lines.map(({ id }) => id));
        const unknown = wanted.findIndex(({ id }) => !known.has(id));
        if (unknown >= 0) throw new CartLineNotFound(fieldOf(unknown));
        return { ...cart, lines: lines.filter(({ quantity }) => quantity > 0).map(plain) };
      },
    );
  }

  private async refuseMissing(tx: Tx, wanted: readonly CartLineInput[], index: number): Promise<never> {
    const variantId = wanted[index]?.variantId ?? '';
    const field = ['input', 'lines', String(index), 'variantId'];
    const existing = await this.queries.existing(tx, [variantId]);
    throw existing.has(variantId) ? new NotForSale(field) : new UnknownVariant(field);
  }
}

const lineField = (index: number): string[] => ['input', 'lines', String(index), 'id'];
const lineIdField = (index: number): string[] => ['input', 'lineIds', String(index)];

/** Runs what adds units. @throws BadUserInput when one line would have more than it holds; UnknownVariant when one is deleted meanwhile */
export async function refusingTooManyUnits<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'cart_lines_variant_id_fkey') throw new UnknownVariant(['input', 'lines']);
    if (constraint !== 'cart_lines_quantity_check') throw error;
    throw new BadUserInput([
      { path: 'input.lines', message: `would make more than ${MAX_QUANTITY} units of one variant` },
    ]);
  }
}

/** Each variant once, where it stands first. */
function summed(lines: readonly CartLineInput[]): WantedLine[] {
  const units = new Map<string, number>();
  for (const { variantId, quantity } of lines) units.set(variantId, (units.get(variantId) ?? 0) + quantity);
  return [...units].map(([variantId, quantity]) => ({ variantId, quantity }));
}

function plain({ id, variantId, quantity }: LineRow): LineRow {
  return { id, variantId, quantity };
}
