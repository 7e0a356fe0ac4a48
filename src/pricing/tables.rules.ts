import { BadUserInput } from '../errors/request-errors.js';
import { toMoney } from '../money/money.js';
import { priceMinor } from '../products/price.rules.js';
import type { ShippingBand } from './shipping.rules.js';
import type { ShippingBandInput, ShippingMethodInput, TaxRateInput } from './tables.inputs.js';
import { ShippingBasis, type ShippingBandType, type ShippingMethodRow, type TaxRateRow } from './tables.type.js';
import { rateBp } from './tax-rate.rules.js';

/** A tax rate ready to be written; its percentages have been checked. */
export function taxRateOf({ country, name, pricesIncludeTax, ...rates }: TaxRateInput): TaxRateRow {
  const standardBp = rateBp(rates.standardRate) ?? 0;
  const reducedBp = rates.reducedRate == null ? standardBp : (rateBp(rates.reducedRate) ?? 0);
  return { country: country ?? null, name, pricesIncludeTax, standardBp, reducedBp };
}

/**
 * A shipping method ready to be written.
 * @param path where it stands in the arguments
 * @throws CurrencyMismatch, BadUserInput also when its steps do not fit its basis, or do not ascend from 0
 */
export function shippingMethodOf(
  { code, name, countries, basis, bands }: ShippingMethodInput,
  shopCurrency: string,
  path: readonly string[],
): ShippingMethodRow {
  const steps: ShippingBand[] = [];
  for (const [index, band] of bands.entries()) {
    const at = [...path, 'bands', String(index)];
    const from = startOf(band, basis, shopCurrency, at);
    const last = steps.at(-1)?.from;
    if (last === undefined ? from !== 0 : from <= last) {
      const message = last === undefined ? 'must begin with 0' : 'must begin with more than the one before';
      throw new BadUserInput([{ path: [...at, startField(basis)].join('.'), message }]);
    }
    const price = band.price && priceMinor(band.price, shopCurrency, [...at, 'price']);
    steps.push({ from, priceMinor: price ?? null });
  }
  return { code, name, countries, basis, bands: steps };
}

/** A step as clients see it. */
export function shownBand(
  { from, priceMinor: price }: ShippingBand,
  basis: ShippingMethodRow['basis'],
  currency: string,
): ShippingBandType {
  return {
    fromAmount: basis === 'PRICE' ? toMoney(from, currency) : null,
    fromGrams: basis === 'WEIGHT' ? from : null,
    price: price === null ? null : toMoney(price, currency),
  };
}

function startOf(band: ShippingBandInput, basis: ShippingBasis, shopCurrency: string, path: readonly string[]): number {
  const foreign = startField(basis === ShippingBasis.PRICE ? ShippingBasis.WEIGHT : ShippingBasis.PRICE);
  if (band[foreign] != null) {
    throw new BadUserInput([{ path: [...path, foreign].join('.'), message: `is not for a method by ${basis}` }]);
  }
  if (basis === ShippingBasis.WEIGHT) return band.fromGrams ?? 0;
  return band.fromAmount ? priceMinor(band.fromAmount, shopCurrency, [...path, 'fromAmount']) : 0;
}

function startField(basis: ShippingBasis): 'fromAmount' | 'fromGrams' {
  return basis === ShippingBasis.PRICE ? 'fromAmount' : 'fromGrams';
}
