import { effectOf, isFinal, type Effect } from './outcome.rules.js';
import type { PaymentOutcome } from './payment-provider.js';
import { PaymentState } from './payment.type.js';

const OUTCOMES: PaymentOutcome[] = ['PENDING', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'CANCELLED'];

/** Effects of PENDING, AUTHORIZED, CAPTURED, DECLINED and CANCELLED. */
const row = (state: PaymentState, capturedMinor: number, awaited: boolean): Effect[] =>
  OUTCOMES.map((outcome) => effectOf({ state, capturedMinor }, outcome, awaited));

describe('the word of a provider', () => {
  it.each<[PaymentState, number, Effect[]]>([
    [PaymentState.PENDING, 0, ['NONE', 'MOVE', 'TAKE', 'MOVE', 'MOVE']],
    [PaymentState.AUTHORIZED, 0, ['NONE', 'NONE', 'TAKE', 'MOVE', 'MOVE']],
    [PaymentState.CAPTURED, 500, ['NONE', 'NONE', 'NONE', 'NONE', 'NONE']],
    [PaymentState.DECLINED, 0, ['NONE', 'NONE', 'GIVE_BACK', 'NONE', 'NONE']],
    [PaymentState.CANCELLED, 0, ['NONE', 'NONE', 'GIVE_BACK', 'NONE', 'NONE']],
    [PaymentState.DECLINED, 500, ['NONE', 'NONE', 'NONE', 'NONE', 'NONE']],
    [PaymentState.CANCELLED, 500, ['NONE', 'NONE', 'NONE', 'NONE', 'NONE']],
  ])('on a payment that is %s with %i captured', (state, captured, effects) => {
    expect(row(state, captured, true)).toEqual(effects);
    // Nobody waits for the money: only taking it becomes giving it back.
    const unwanted = effects.map((effect) => (effect === 'TAKE' ? 'GIVE_BACK' : effect));
    expect(row(state, captured, false)).toEqual(unwanted);
  });

  it('is the last one when it says yes or no', () => {
    expect(OUTCOMES.filter(isFinal)).toEqual(['CAPTURED', 'DECLINED', 'CANCELLED']);
  });
});
