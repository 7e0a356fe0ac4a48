/** A TaxRule as a JSON object, made from `tax_rates t`. */
export const TAX_RULE = `jsonb_build_object('name', t.name, 'pricesIncludeTax', t.prices_include_tax, 'standardBp', t.standard_bp,
  'reducedBp', t.reduced_bp)`;

/** A ShippingRule as a JSON object, made from `shipping_methods m`. */
export const SHIPPING_RULE = `jsonb_build_object('code', m.code, 'name', m.name, 'basis', m.basis, 'bands', m.bands)`;
