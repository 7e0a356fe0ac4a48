import { Injectable } from '@nestjs/common';
import type { Viewer } from '../access/viewer.js';
import { CartsService } from '../carts/carts.service.js';
import { CouponRefused, NotForSale, ShippingUnavailable, UnknownVariant } from '../carts/carts.errors.js';
import { NewCarts } from '../carts/new-carts.service.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { currentIdempotencyKey } from '../database/once.js';
import type { NewEvent } from '../events/event.js';
import { OrderPlacement } from '../orders/order-placement.service.js';
import { OrderState } from '../orders/order-states.rules.js';
import { isReserved } from '../orders/order-stock.service.js';
import type { OrderRow } from '../orders/order.type.js';
import { payable } from '../orders/order-payments.service.js';
import { PaymentsService } from '../payments/payments.service.js';
import type { PaymentRow } from '../payments/payment.type.js';
import type { LockedOffer } from '../pricing/offer.type.js';
import { PricingService } from '../pricing/pricing.service.js';
import { CouponProblem, type Quote } from '../pricing/quote.type.js';
import { priceMinor } from '../products/price.rules.js';
import { VariantsService } from '../products/variants.service.js';
import { PromotionGone } from '../promotions/promotions.errors.js';
import { PromotionsService } from '../promotions/promotions.service.js';
import { ReservationsService } from '../stock/reservations.service.js';
import { UsersService } from '../users/users.service.js';
import { Incomplete, PriceChanged } from './checkout.errors.js';
import { newOrder } from './new-order.rules.js';
import { customerOf, orderRequest, quoteTerms, refuseMixture, type OrderRequest } from './order-request.rules.js';
import type { PlaceOrderInput } from './place-order.inputs.js';

/** An order that was placed, and the payment that it began with. */
export interface PlacedOrder {
  order: OrderRow;
  /** `null` when there is nothing to pay, or the order was placed before. */
  payment: PaymentRow | null;
}

type SaleQuote = Quote<LockedOffer>;

const ATTEMPTS = 3;

/** Turns what somebody wants into an order: price and stock are checked and taken, and everything is written, in one transaction. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly carts: CartsService,
    private readonly newCarts: NewCarts,
    private readonly pricing: PricingService,
    private readonly orders: OrderPlacement,
    private readonly reservations: ReservationsService,
    private readonly variants: VariantsService,
    private readonly promotions: PromotionsService,
    private readonly payments: PaymentsService,
  ) {}

  /**
   * Places an order. One that is paid by a provider has its payment started behind the commit.
   * @param address of the client
   * @throws every refusal of the room, of carts and of payments; OutOfStock, CouponUsedUp, RateLimited, BadUserInput
   */
  async place(input: PlaceOrderInput, viewer: Viewer | null, address: string): Promise<PlacedOrder> {
    refuseMixture(input);
    const placing = (): Promise<PlacedOrder> => this.placeAtThePriceOfNow(input, viewer);
    const placed = viewer || input.cartId ? await placing() : await this.newCarts.making(address, placing);
    const { order, payment } = placed;
    if (!payment || order.onAccount) return placed;
    const begun = await this.payments.begin(payment);
    return { order: await this.orders.read(this.database, order.id), payment: begun };
  }

  // An automatic promotion that others have used up meanwhile is no fault of the customer: the price is made again without it.
  private async placeAtThePriceOfNow(input: PlaceOrderInput, viewer: Viewer | null): Promise<PlacedOrder> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.database.transaction((tx) => this.placeIn(tx, input, viewer));
      } catch (error) {
        if (!(error instanceof PromotionGone) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  private async placeIn(tx: Tx, input: PlaceOrderInput, viewer: Viewer | null): Promise<PlacedOrder> {
    const cart = input.cartId == null ? null : await this.carts.order(tx, input.cartId, viewer);
    if (cart?.alreadyOrdered) return { order: await this.orders.read(tx, cart.orderId), payment: null };
    const knowsEmail = input.email ?? cart?.email;
    const account = viewer && !knowsEmail ? await this.users.find(tx, viewer.id) : null;
    const request = orderRequest(input, cart, account?.email ?? null);

    const quote = await this.pricing.quoteToSell(tx, request.lines, quoteTerms(request, viewer?.id ?? null));
    this.refuse(input, request, quote);
    const { totalMinor } = quote.totals;
    const provider = totalMinor > 0 ? this.providerOf(input) : null;
    const onAccount = provider?.onAccount ?? false;

    const order = await this.orders.write(
      tx,
      newOrder({
        request,
        quote,
        id: cart?.orderId ?? null,
        cartId: cart?.id ?? null,
        customerId: viewer?.id ?? null,
        currency: this.config.shopCurrency,
        state: totalMinor > 0 ? OrderState.PENDING_PAYMENT : OrderState.PAID,
        onAccount,
      }),
    );
    const stockEvents = await this.takeUnits(tx, order, { request, quote });
    const customer = customerOf(viewer?.id ?? null, request.email);
    await this.promotions.redeem(tx, { orderId: order.id, customer, promotions: quote.promotions });
    const start = { token: input.payment?.token ?? null, idempotencyKey: currentIdempotencyKey() };
    const payment = provider
      ? await this.payments.open(tx, { order: payable(order), provider: provider.name, ...start })
      : null;
    await this.orders.tell(tx, order, stockEvents);
    return { order, payment };
  }

  private async takeUnits(tx: Tx, order: OrderRow, { request, quote }: { request: OrderRequest; quote: SaleQuote }): Promise<NewEvent[]> {
    const offers = quote.offers.filter((offer) => offer !== null);
    const skus = new Map(offers.map(({ variantId, sku }) => [variantId, sku]));
    const wanted = request.lines.map((line) => ({ ...line, sku: skus.get(line.variantId) ?? '' }));
    const changes = isReserved(order)
      ? await this.reservations.reserve(tx, order.id, wanted)
      : await this.reservations.take(tx, order.id, wanted);
    return this.variants.stockEvents(tx, changes, offers);
  }

  private providerOf({ payment }: PlaceOrderInput): { name: string; onAccount: boolean } {
    if (!payment) throw new Incomplete('payment', 'a payment method');
    return this.payments.provider(payment.method);
  }

  /** @throws UnknownVariant, NotForSale, CouponRefused, ShippingUnavailable, PriceChanged, CurrencyMismatch, BadUserInput */
  private refuse(input: PlaceOrderInput, { lines, shippingMethod }: OrderRequest, quote: SaleQuote): void {
    for (const [index, { field }] of lines.entries()) {
      const offer = quote.offers[index];
      if (!offer) throw new UnknownVariant(field);
      if (!offer.forSale) throw new NotForSale(field);
    }
    for (const { problem } of quote.coupons) {
      // One that does not apply to these goods was shown as such; the others the customer counts on.
      if (problem && problem !== CouponProblem.NOT_APPLICABLE) throw new CouponRefused(problem, 'coupons');
    }
    if (!quote.shippingMethods.some(({ method }) => method.code === shippingMethod)) {
      throw new ShippingUnavailable('shippingMethod');
    }
    const { totalMinor } = quote.totals;
    const currency = this.config.shopCurrency;
    const expected = input.expectedTotal && priceMinor(input.expectedTotal, currency, ['input', 'expectedTotal']);
    if (expected != null && expected !== totalMinor) throw new PriceChanged(totalMinor, currency);
  }
}
