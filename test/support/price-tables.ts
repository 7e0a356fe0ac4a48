const RATE = '{ country name pricesIncludeTax standardRate reducedRate }';
const METHOD = `{
  code name countries basis bands { fromAmount { amount currency } fromGrams price { amount currency } }
}`;

/** Reads and replaces the tables of taxes and shipping methods. */
export const TAX_RATES = `{ taxRates ${RATE} }`;
export const SHIPPING_METHODS = `{ shippingMethods ${METHOD} }`;
export const SET_TAX_RATES = `mutation ($input: SetTaxRatesInput!) {
  setTaxRates(input: $input) { taxRates ${RATE} userErrors { code field } }
}`;
export const SET_SHIPPING_METHODS = `mutation ($input: SetShippingMethodsInput!) {
  setShippingMethods(input: $input) { shippingMethods ${METHOD} userErrors { code field } }
}`;

/** Input of a tax of 20 % that prices include; whatever is given replaces that. */
export function aRate(traits: object = {}): object {
  return { country: 'GB', name: 'VAT', pricesIncludeTax: true, standardRate: '20', reducedRate: '5', ...traits };
}

/** Input of a method for 3.99 to everywhere; whatever is given replaces that. */
export function aMethod(traits: object = {}): object {
  return { code: 'standard', name: 'Standard', basis: 'PRICE', bands: [{ price: { amount: '3.99' } }], ...traits };
}
