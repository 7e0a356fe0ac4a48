import { moneyOf } from '../plans/money-shape.js';
import type { FieldShape, Shape } from '../plans/shape.js';
import { column, globalId, member } from '../plans/sql-json.js';
import { variantWith } from '../products/variant.shape.js';

/** Aliases of something in an order and of the order, which knows the currency. */
export interface LinePlace {
  line: string;
  order: string;
}

/** `order_lines` in SQL, as OrderLineResolver shows it. @param mostly the currency of most orders */
export function orderLineShape(mostly: string): Shape<LinePlace> {
  return {
    id: ({ line }) => globalId('orderline', `${line}.id`),
    sku: own(column('sku')),
    productName: own(column('product_name')),
    variantTitle: own(column('variant_title')),
    quantity: own(column('quantity')),
    fulfilledQuantity: own(column('fulfilled')),
    refundedQuantity: own(column('refunded')),
    unsentQuantity: own(column('unsent')),
    variant: ({ line }, asked, draft) => variantWith(`${line}.variant_id`, asked.shared, draft),
    unitPrice: amount(mostly, (line) => `${line}.unit_price_minor`),
    discount: amount(mostly, (line) => `${line}.discount_minor`),
    lineTotal: amount(mostly, (line) => `(${line}.unit_price_minor * ${line}.quantity - ${line}.discount_minor)`),
    tax: amount(mostly, (line) => `${line}.tax_minor`),
    taxRate: ({ line }) => `trim_scale(${line}.tax_bp / 100.0)::text`,
  };
}

/** What a promotion took off; its line has the JSON that it is kept in as `value`. @param mostly the currency of most orders */
export function orderDiscountShape(mostly: string): Shape<LinePlace> {
  return {
    name: text('name'),
    code: text('code'),
    amount: amount(mostly, (line) => `(${line}.value ->> 'amountMinor')::bigint`),
  };
}

function text(name: string): FieldShape<LinePlace> {
  return ({ line }, asked, draft) => member(name)(`${line}.value`, asked, draft);
}

function own(field: FieldShape<string>): FieldShape<LinePlace> {
  return ({ line }, asked, draft) => field(line, asked, draft);
}

function amount(mostly: string, minor: (line: string) => string): FieldShape<LinePlace> {
  return ({ line, order }, asked) => moneyOf(asked, minor(line), { column: `${order}.currency`, mostly });
}
