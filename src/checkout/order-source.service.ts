import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { CartsService } from '../carts/carts.service.js';
import type { Tx } from '../database/db.js';
import { UsersService } from '../users/users.service.js';
import { orderRequest, type OrderRequest } from './order-request.rules.js';
import type { PlaceOrderInput } from './place-order.inputs.js';

/** What is to be ordered and where it comes from, or the order that was made of it before. */
export type OrderSource =
  | { placedId: string; request: null }
  | { placedId: null; request: OrderRequest; id: string | null; cartId: string | null };

/** Finds out what somebody wants to order. A cart is closed by it, as long as the transaction commits. */
@Injectable()
export class OrderSources {
  constructor(
    private readonly users: UsersService,
    private readonly carts: CartsService,
  ) {}

  /** @throws CartNotFound, CartEmpty, Incomplete */
  async of(tx: Tx, input: PlaceOrderInput, viewer: Viewer | null): Promise<OrderSource> {
    const cart = input.cartId == null ? null : await this.carts.order(tx, input.cartId, viewer);
    if (cart?.alreadyOrdered) return { placedId: cart.orderId, request: null };
    const knowsEmail = input.email ?? cart?.email;
    const account = viewer && !knowsEmail ? await this.users.find(tx, viewer.id) : null;
    const request = orderRequest(input, cart, account?.email ?? null);
    return { placedId: null, request, id: cart?.orderId ?? null, cartId: cart?.id ?? null };
  }
}
