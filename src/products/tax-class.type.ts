import { registerEnumType } from '@nestjs/graphql';

/** How a product is taxed. */
export enum TaxClass {
  STANDARD = 'STANDARD',
  REDUCED = 'REDUCED',
  ZERO = 'ZERO',
}

registerEnumType(TaxClass, {
  name: 'TaxClass',
  description: 'How a product is taxed.',
  valuesMap: {
    STANDARD: { description: "At the country's standard rate." },
    REDUCED: { description: "At the country's reduced rate." },
    ZERO: { description: 'Not at all.' },
  },
});
