import { pick, seeded } from '../../test/support/catalogue.js';
import {
  discountsOf,
  PromotionKind,
  type DiscountableLine,
  type Discounts,
  type PromotionRule,
} from './discount.rules.js';

const rule = (traits: Partial<PromotionRule>): PromotionRule => ({
  id: 'rule',
  name: 'Rule',
  code: null,
  kind: PromotionKind.PERCENT,
  percentBp: null,
  amountMinor: null,
  minSubtotalMinor: null,
  categoryIds: [],
  productIds: [],
  ...traits,
});
const percent = (percentBp: number, traits: Partial<PromotionRule> = {}): PromotionRule =>
  rule({ percentBp, ...traits });
const fixed = (amountMinor: number, traits: Partial<PromotionRule> = {}): PromotionRule =>
  rule({ kind: PromotionKind.FIXED_AMOUNT, amountMinor, ...traits });
const freeShipping = (traits: Partial<PromotionRule> = {}): PromotionRule =>
  rule({ kind: PromotionKind.FREE_SHIPPING, ...traits });
const line = (subtotalMinor: number, productId = 'lamp', categoryIds: string[] = []): DiscountableLine => ({
  productId,
  categoryIds,
  subtotalMinor,
});

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
const taken = ({ applied }: Discounts): number[] => applied.map(({ amountMinor }) => amountMinor);

describe('one promotion', () => {
  it('takes a percentage of each line, rounded half up for each', () => {
    const discounts = discountsOf([line(995), line(994), line(5)], [percent(1_000, { id: 'ten', code: 'TEN' })]);
    expect(discounts).toEqual({
      perLine: [100, 99, 1],
      freeShipping: false,
      applied: [{ promotionId: 'ten', name: 'Rule', code: 'TEN', amountMinor: 200 }],
    });
  });

  it('spreads an amount over the lines to the last unit', () => {
    expect(discountsOf([line(1_000), line(1_000), line(1_000)], [fixed(1_000)]).perLine).toEqual([334, 333, 333]);
  });

  it('takes no more than there is', () => {
    const discounts = discountsOf([line(300), line(200)], [fixed(10_000)]);
    expect(discounts.perLine).toEqual([300, 200]);
    expect(taken(discounts)).toEqual([500]);
  });

  it('makes shipping free and takes nothing off the goods', () => {
    expect(discountsOf([line(300)], [freeShipping({ id: 'ship' })])).toEqual({
      perLine: [0],
      freeShipping: true,
      applied: [{ promotionId: 'ship', name: 'Rule', code: null, amountMinor: 0 }],
    });
  });

  it.each<[string, Partial<PromotionRule>, number[]]>([
    ['a category', { categoryIds: ['light'] }, [100, 100, 0, 0]],
    ['a category above', { categoryIds: ['home'] }, [100, 100, 100, 0]],
    ['a product', { productIds: ['rug'] }, [0, 0, 100, 0]],
    [
      'categories or products, each line once',
      { categoryIds: ['light'], productIds: ['lamp', 'pen'] },
      [100, 100, 0, 100],
    ],
    ['a category that nothing is in', { categoryIds: ['gone'] }, [0, 0, 0, 0]],
    ['everything', {}, [100, 100, 100, 100]],
  ])('looks at the lines of %s only', (_, traits, perLine) => {
    const lines = [
      line(1_000, 'lamp', ['light', 'home']),
      line(1_000, 'bulb', ['light', 'home']),
      line(1_000, 'rug', ['home']),
      line(1_000, 'pen'),
    ];
    expect(discountsOf(lines, [percent(1_000, traits)]).perLine).toEqual(perLine);
    const spread = sumOf(discountsOf(lines, [fixed(4_000, traits)]).perLine);
    expect(spread).toBe(10 * sumOf(perLine));
    expect(discountsOf(lines, [freeShipping(traits)]).freeShipping).toBe(sumOf(perLine) > 0);
  });

  it('needs the minimum of the whole cart, not of its own lines', () => {
    const lines = [line(100, 'lamp'), line(900, 'rug')];
    const lamps = { productIds: ['lamp'], minSubtotalMinor: 1_000 };
    for (const promotion of [percent(5_000, lamps), fixed(50, lamps)]) {
      expect(discountsOf(lines, [promotion]).perLine).toEqual([50, 0]);
      expect(discountsOf([line(100, 'lamp'), line(899, 'rug')], [promotion])).toEqual(nothing(2));
    }
    expect(discountsOf(lines, [freeShipping(lamps)]).freeShipping).toBe(true);
    expect(discountsOf([line(999, 'lamp')], [freeShipping(lamps)])).toEqual(nothing(1));
  });

  it.each([
    ['no lines', [], percent(1_000)],
    ['no lines, though delivery would be free', [], freeShipping()],
    ['no eligible line', [line(100)], freeShipping({ productIds: ['rug'] })],
    ['free goods', [line(0)], fixed(100)],
    ['a part that rounds to nothing', [line(4)], percent(1_000)],
  ])('does not apply with %s', (_, lines, promotion) => {
    expect(discountsOf(lines, [promotion])).toEqual(nothing(lines.length));
  });

  it('is exact up to the largest amounts', () => {
    const most = 9_000_000_000_000;
    expect(discountsOf([line(most), line(most - 1)], [percent(3_333)]).perLine).toEqual([
      2_999_700_000_000, 2_999_700_000_000,
    ]);
    const lines = Array.from({ length: 100 }, () => line(most));
    const discounts = discountsOf(lines, [percent(1), fixed(most), percent(10_000)]);
    expect(discounts.perLine).toEqual(lines.map(() => most));
    expect(taken(discounts)).toEqual([900_000_000 * 100, most, 100 * (most - 900_000_000) - most]);
  });
});

describe('several promotions', () => {
  it('each look at what the ones before left', () => {
    expect(discountsOf([line(1_000)], [percent(1_000), percent(1_000)]).perLine).toEqual([190]);
    const half = percent(5_000, { id: 'half' });
    const hundred = fixed(100, { id: 'hundred' });
    expect(taken(discountsOf([line(1_000)], [half, hundred]))).toEqual([500, 100]);
    expect(taken(discountsOf([line(1_000)], [hundred, half]))).toEqual([100, 450]);
  });

  it('spread an amount in proportion to what is left, not to what the lines cost', () => {
    const lines = [line(1_000, 'lamp'), line(1_000, 'rug')];
    expect(discountsOf(lines, [percent(5_000, { productIds: ['lamp'] }), fixed(300)]).perLine).toEqual([600, 200]);
  });

  it('do not use up what gives nothing more', () => {
    const all = percent(10_000, { id: 'all' });
    const late = [percent(5_000, { id: 'late' }), fixed(5, { id: 'late' })];
    for (const promotion of late) expect(discountsOf([line(10)], [all, promotion]).applied).toHaveLength(1);
    const twice = discountsOf([line(10)], [freeShipping({ id: 'first' }), freeShipping({ id: 'second' })]);
    expect(twice.applied.map(({ promotionId }) => promotionId)).toEqual(['first']);
  });

  it('reach their minimum by the subtotal before discounts', () => {
    const discounts = discountsOf([line(1_000)], [percent(5_000), fixed(100, { minSubtotalMinor: 1_000 })]);
    expect(taken(discounts)).toEqual([500, 100]);
  });
});

describe('ten thousand carts', () => {
  const random = seeded(2_026);
  const below = (most: number): number => Math.floor(random() * most);
  const anyLine = (): DiscountableLine =>
    line(below(pick(random, [3, 500, 100_000, 9_000_000_000_000])), pick(random, ['a', 'b', 'c']), [
      pick(random, ['x', 'y']),
      'z',
    ]);
  const anyRule = (_: unknown, n: number): PromotionRule => {
    const scope: Partial<PromotionRule> = pick(random, [
      {},
      {},
      { productIds: ['a'] },
      { categoryIds: ['x'] },
      { categoryIds: ['z'] },
    ]);
    const traits = { ...scope, id: `rule ${n}`, minSubtotalMinor: pick(random, [null, null, below(50_000)]) };
    return pick(random, [percent(1 + below(10_000), traits), fixed(1 + below(200_000), traits), freeShipping(traits)]);
  };

  it('never give more than a line costs, and what was applied is what the lines got', () => {
    for (let n = 0; n < 10_000; n += 1) {
      const lines = Array.from({ length: below(8) }, anyLine);
      const rules = Array.from({ length: below(5) }, anyRule);
      const discounts = discountsOf(lines, rules);
      expect(discounts.perLine).toHaveLength(lines.length);
      expect(discounts.perLine.every((minor, at) => minor >= 0 && minor <= (lines[at]?.subtotalMinor ?? -1))).toBe(
        true,
      );
      expect(sumOf(taken(discounts))).toBe(sumOf(discounts.perLine));
      const order = discounts.applied.map(({ promotionId }) => rules.findIndex(({ id }) => id === promotionId));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }
  });

  it('give the same whatever the order of the lines, where no remainder decides', () => {
    for (let n = 0; n < 1_000; n += 1) {
      const lines = Array.from({ length: 1 + below(8) }, anyLine);
      const rules = Array.from({ length: 1 + below(3) }, anyRule).filter(
        ({ kind }) => kind !== PromotionKind.FIXED_AMOUNT,
      );
      const turned = discountsOf(lines.toReversed(), rules);
      const straight = discountsOf(lines, rules);
      expect({ ...turned, perLine: turned.perLine.toReversed() }).toEqual(straight);
      const [amount] = [fixed(1 + below(200_000))];
      expect(taken(discountsOf(lines.toReversed(), [amount]))).toEqual(taken(discountsOf(lines, [amount])));
    }
  });

  it('give the same whatever the order of promotions that share no line', () => {
    for (let n = 0; n < 1_000; n += 1) {
      const lines = Array.from({ length: 1 + below(8) }, anyLine);
      const rules = ['a', 'b', 'c'].map((id) =>
        pick(random, [
          percent(1 + below(10_000), { id, productIds: [id] }),
          fixed(1 + below(90_000), { id, productIds: [id] }),
        ]),
      );
      const { perLine, applied } = discountsOf(lines, rules.toReversed());
      expect(discountsOf(lines, rules)).toMatchObject({ perLine, applied: applied.toReversed() });
    }
  });
});

function nothing(lines: number): Discounts {
  return { perLine: Array<number>(lines).fill(0), freeShipping: false, applied: [] };
}
