/** A refusal of the shop. */
interface UserError {
  code: string;
  message: string;
}

/** What every change answers. */
export interface Payload {
  userErrors: UserError[];
}

/** One change of the API that is made once for each key; `P` is what it answers. */
export interface Change<P extends Payload> {
  readonly field: string;
  readonly text: string;
  /** Never there: it only carries the type. */
  readonly answers?: P;
}

interface MoneyAnswer {
  amount: string;
}

/** An order as it is told here. */
export interface ToldOrder {
  id: string;
  number: string;
  state: string;
  total: MoneyAnswer;
  discountTotal: MoneyAnswer;
}

/** A cart as it is told here. */
export interface ToldCart {
  id: string;
  version: number;
  lines: { id: string; sku: string | null; quantity: number }[];
}

type OrderPayload = Payload & { order: ToldOrder | null };
type CartPayload = Payload & { cart: ToldCart | null };
type ProductPayload = Payload & { product: { variants: { id: string; sku: string }[] } | null };

const ORDER = 'order { id number state total { amount } discountTotal { amount } }';
const CART = 'cart { id version lines { id sku quantity } }';

function change<P extends Payload>(field: string, selection: string): Change<P> {
  const input = `${field.slice(0, 1).toUpperCase()}${field.slice(1)}Input`;
  const text = `mutation ($input: ${input}!, $key: String!) {
    ${field}(input: $input) @idempotent(key: $key) { ${selection} userErrors { code message } }
  }`;
  return { field, text };
}

/** The changes that buyers and staff make. */
export const CHANGES = {
  placeOrder: change<OrderPayload>('placeOrder', ORDER),
  cancelOrder: change<OrderPayload>('cancelOrder', ORDER),
  createCart: change<CartPayload>('createCart', CART),
  addCartLines: change<CartPayload>('addCartLines', CART),
  updateCartLines: change<CartPayload>('updateCartLines', CART),
  createProduct: change<ProductPayload>('createProduct', 'product { variants { id sku } }'),
  updateProductVariant: change('updateProductVariant', 'variant { id }'),
  createPromotion: change('createPromotion', 'promotion { id }'),
} as const;
