import { formatMinor, parseMinor } from './money.js';

describe('money', () => {
  it.each([
    ['12.5', 'EUR', 1250],
    ['12.50', 'EUR', 1250],
    ['0', 'EUR', 0],
    ['-0.00', 'EUR', 0],
    ['-3.07', 'GBP', -307],
    ['1200', 'JPY', 1200],
    ['1200.0', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
    ['90000000000.00', 'EUR', 9_000_000_000_000],
  ])('reads %s %s as %d minor units', (amount, currency, minor) => {
    expect(parseMinor(amount, currency)).toBe(minor);
  });

  it.each([
    ['12.345', 'EUR'],
    ['1.5', 'JPY'],
    ['1e3', 'EUR'],
    [' 1', 'EUR'],
    ['', 'EUR'],
    ['.5', 'EUR'],
    ['90000000000.01', 'EUR'],
    ['12,50', 'EUR'],
  ])('refuses %p in %s', (amount, currency) => {
    expect(parseMinor(amount, currency)).toBeNull();
  });

  it.each([
    [1250, 'EUR', '12.50'],
    [5, 'EUR', '0.05'],
    [-307, 'GBP', '-3.07'],
    [0, 'JPY', '0'],
    [1234, 'KWD', '1.234'],
  ])('writes %d minor units of %s as %s', (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text);
  });
});
