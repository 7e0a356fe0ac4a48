import { ID, ResolveField, Resolver } from '@nestjs/graphql';
import { toGlobalId } from '../graphql/global-id.js';
import { MoneyType } from '../graphql/money.type.js';
import { ViewerScope } from '../graphql/viewer-scope.js';
import { toMoney, type Money } from '../money/money.js';
import { Payment, Refund, type PaymentRow, type RefundRow } from './payment.type.js';

/** Fields of a payment that are not simply columns. */
@Resolver(() => Payment)
export class PaymentsResolver {
  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(payment: PaymentRow): string {
    return toGlobalId('payment', payment.id);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What is to be paid with it.' })
  amount({ amountMinor, currency }: PaymentRow): Money {
    return toMoney(amountMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What has come of it; never more than the amount.' })
  capturedAmount({ capturedMinor, currency }: PaymentRow): Money {
    return toMoney(capturedMinor, currency);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What has gone back; never more than what has come.' })
  refundedAmount({ refundedMinor, currency }: PaymentRow): Money {
    return toMoney(refundedMinor, currency);
  }
}

/** Fields of a refund that are not simply columns. */
@Resolver(() => Refund)
export class RefundsResolver {
  @ResolveField(() => ID, { description: 'Globally unique, opaque id.' })
  id(refund: RefundRow): string {
    return toGlobalId('refund', refund.id);
  }

  @ViewerScope('public')
  @ResolveField(() => MoneyType, { description: 'What goes back.' })
  amount({ amountMinor, currency }: RefundRow): Money {
    return toMoney(amountMinor, currency);
  }
}
