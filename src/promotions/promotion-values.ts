import { BadUserInput } from '../errors/request-errors.js';
import type { MoneyInput } from '../graphql/money.type.js';
import { priceMinor } from '../products/price.rules.js';
import { PromotionKind } from './discount.rules.js';
import { parsePercent } from './percent.rules.js';
import type { CreatePromotionInput, PromotionTermsInput, UpdatePromotionInput } from './promotion.inputs.js';
import type { PromotionValues } from './promotions.queries.js';

/**
 * The values of a new promotion.
 * @throws CurrencyMismatch; BadUserInput when they do not go together
 */
export function newValues(input: CreatePromotionInput, currency: string): PromotionValues {
  const { name, code = null, kind, enabled } = input;
  const empty = { percentBp: null, amountMinor: null, minSubtotalMinor: null, categoryIds: [], productIds: [] };
  const open = { startsAt: null, endsAt: null, usageLimit: null, usageLimitPerCustomer: null };
  const values = withTerms({ name, code, kind, enabled, ...empty, ...open }, input, currency);
  if (kind === PromotionKind.PERCENT && values.percentBp === null) throw wrong('percent', `must be given for ${kind}`);
  if (kind === PromotionKind.FIXED_AMOUNT && values.amountMinor === null) {
    throw wrong('amount', `must be given for ${kind}`);
  }
  return values;
}

/**
 * The values of a promotion after a change. A coupon stays a coupon, and an automatic promotion automatic: a `null` that a
 * client sends for a field it does not know must not give a coupon to everybody.
 * @throws CurrencyMismatch; BadUserInput when they do not go together
 */
export function changedValues(before: PromotionValues, input: UpdatePromotionInput, currency: string): PromotionValues {
  const { name, code, enabled } = input;
  if (code != null && before.code === null)
    throw wrong('code', 'cannot be given to a promotion that applies by itself');
  const kept = { name: name ?? before.name, code: code ?? before.code, enabled: enabled ?? before.enabled };
  return withTerms({ ...before, ...kept }, input, currency);
}

function withTerms(before: PromotionValues, terms: PromotionTermsInput, currency: string): PromotionValues {
  const { kind } = before;
  const { percent, amount, categoryIds, productIds } = terms;
  if (percent != null && kind !== PromotionKind.PERCENT) throw wrong('percent', 'goes with PERCENT only');
  if (amount != null && kind !== PromotionKind.FIXED_AMOUNT) throw wrong('amount', 'goes with FIXED_AMOUNT only');
  const values: PromotionValues = {
    ...before,
    percentBp: percent == null ? before.percentBp : basisPoints(percent),
    amountMinor: amount == null ? before.amountMinor : amountMinor(amount, currency),
    minSubtotalMinor: given(
      terms.minSubtotal && priceMinor(terms.minSubtotal, currency, ['input', 'minSubtotal']),
      before.minSubtotalMinor,
    ),
    categoryIds: categoryIds ? [...new Set(categoryIds)] : before.categoryIds,
    productIds: productIds ? [...new Set(productIds)] : before.productIds,
    startsAt: given(terms.startsAt, before.startsAt),
    endsAt: given(terms.endsAt, before.endsAt),
    usageLimit: given(terms.usageLimit, before.usageLimit),
    usageLimitPerCustomer: given(terms.usageLimitPerCustomer, before.usageLimitPerCustomer),
  };
  refuseEmptyWindow(values);
  return values;
}

function given<T>(value: T | null | undefined, before: T | null): T | null {
  return value === undefined ? before : value;
}

function basisPoints(percent: string): number {
  const parsed = parsePercent(percent);
  if (parsed === null) throw wrong('percent', 'must be from 0.01 to 100, with at most two decimal places');
  return parsed;
}

function amountMinor(amount: MoneyInput, currency: string): number {
  const minor = priceMinor(amount, currency, ['input', 'amount']);
  if (minor === 0) throw wrong('amount.amount', 'must be more than 0');
  return minor;
}

function refuseEmptyWindow({ startsAt, endsAt }: PromotionValues): void {
  if (startsAt && endsAt && startsAt >= endsAt) throw wrong('endsAt', 'must be after startsAt');
}

function wrong(field: string, message: string): BadUserInput {
  return new BadUserInput([{ path: `input.${field}`, message }]);
}
