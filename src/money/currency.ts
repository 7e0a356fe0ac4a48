const KNOWN = new Set(Intl.supportedValuesOf('currency'));
const digitsByCode = new Map<string, number>();

/** Whether this is an ISO 4217 code such as `EUR`. */
export function isCurrencyCode(code: string): boolean {
  return KNOWN.has(code);
}

/**
 * Decimal places of one currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
 * @see the currency data of the Unicode CLDR, as shipped with Node.js
 */
export function minorDigits(code: string): number {
  let digits = digitsByCode.get(code);
  if (digits === undefined) {
    digits =
      new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsByCode.set(code, digits);
  }
  return digits;
}
