import { couponCode, COUPON_CODE } from './coupon-code.rules.js';
import { formatPercent, parsePercent } from './percent.rules.js';

describe('percent', () => {
  it.each([
    ['12.5', 1_250, '12.5'],
    ['25', 2_500, '25'],
    ['25.00', 2_500, '25'],
    ['0.01', 1, '0.01'],
    ['0.1', 10, '0.1'],
    ['07.050', 705, '7.05'],
    ['100', 10_000, '100'],
    ['99.99000', 9_999, '99.99'],
    ['10', 1_000, '10'],
  ])('reads %s as %d basis points and writes %s', (text, basisPoints, written) => {
    expect(parsePercent(text)).toBe(basisPoints);
    expect(formatPercent(basisPoints)).toBe(written);
  });

  it.each(['0', '0.00', '0.001', '12.345', '100.01', '101', '-5', '', '.5', '5.', '1e1', ' 5', '5%'])(
    'refuses %j',
    (text) => {
      expect(parsePercent(text)).toBeNull();
    },
  );

  it('writes every number of basis points so that it is read again', () => {
    const all = Array.from({ length: 10_000 }, (_, n) => n + 1);
    expect(all.map((basisPoints) => parsePercent(formatPercent(basisPoints)))).toEqual(all);
  });
});

describe('couponCode', () => {
  it.each([
    [' summer-25 ', 'SUMMER-25'],
    ['a_B_1', 'A_B_1'],
  ])('stores %j as %s', (entered, code) => {
    expect(couponCode(entered)).toBe(code);
    expect(code).toMatch(COUPON_CODE);
  });

  it.each(['ß', 'ſale', 'ı', 'two words', '', 'x'.repeat(41), 'caf\u00e9', 'A\nB'])(
    'makes no code of %j',
    (entered) => {
      expect(couponCode(entered)).not.toMatch(COUPON_CODE);
    },
  );
});
