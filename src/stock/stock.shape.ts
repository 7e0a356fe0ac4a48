import { checked } from '../plans/checked.js';
import { connection } from '../plans/connection-shape.js';
import type { Asked, Draft, FieldShape, Shape } from '../plans/shape.js';
import { column, idColumn, momentColumn } from '../plans/sql-json.js';
import { userWith } from '../users/user.shape.js';
import { StockMovementsArgs } from './stock.inputs.js';
import { MOVEMENTS_BY_AGE } from './stock.queries.js';

/** SQL of the units of a variant that can be bought. @param variantId SQL */
export function available(variantId: string): string {
  return `coalesce((SELECT s.on_hand - s.reserved FROM stock_levels s WHERE s.variant_id = ${variantId}), 0)`;
}

/** SQL of the stock of a variant, as StockByVariant finds it. @param variantId SQL */
export function stockLevelOf(variantId: string, asked: Asked, draft: Draft): string {
  const row = draft.alias();
  const json = asked.of('StockLevel', row);
  return `(SELECT ${json} FROM (SELECT) one LEFT JOIN stock_levels ${row} ON ${row}.variant_id = ${variantId})`;
}

/** `stock_levels` in SQL. A variant that was never stocked has no row, and none in stock. */
export const STOCK_LEVEL: Shape = {
  onHand: units('on_hand'),
  reserved: units('reserved'),
  available: (row) => `coalesce(${row}.on_hand - ${row}.reserved, 0)`,
};

function units(name: string): FieldShape<string> {
  return (row) => `coalesce(${row}.${name}, 0)`;
}

/** `stock_movements` in SQL. */
export const STOCK_MOVEMENT: Shape = {
  id: idColumn('movement', 'id'),
  delta: column('delta'),
  onHandAfter: column('on_hand_after'),
  reason: column('reason'),
  note: column('note'),
  at: momentColumn('at'),
  orderId: idColumn('order', 'holder_id'),
  actor: (row, asked, draft) => userWith(`${row}.actor_id`, asked.shared, draft),
};

/** The root fields of this room. */
export const STOCK_QUERIES: Shape<null> = {
  stockMovements: (_, asked, draft) => {
    const { variantId, ...request } = checked(StockMovementsArgs, asked.args);
    const from = `stock_movements m WHERE m.variant_id = ${draft.bind(variantId)}`;
    return connection('StockMovementConnection', { alias: 'm', from, sort: MOVEMENTS_BY_AGE, request }, asked, draft);
  },
};
