import { Field, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { Length, Max, Min } from 'class-validator';
import { MAX_UNITS } from './product-rows.js';

/** How the rows of a content are written. */
export enum ImportFormat {
  CSV = 'CSV',
  JSONL = 'JSONL',
}

registerEnumType(ImportFormat, {
  name: 'ImportFormat',
  description: 'How the rows of a content are written.',
  valuesMap: {
    CSV: { description: 'Comma-separated values with a header.' },
    JSONL: { description: 'A JSON object in each line.' },
  },
});

const MAX_CONTENT = 100_000;

@InputType({
  description:
    'Rows of products; one row is one variant. Columns: sku, price, and where known product, name, title, description, category, ' +
    'status, currency, compare_at_price, stock, weight_grams, tax_class, options, attributes, images, units_sold, as in the files ' +
    'of `souk import products`.',
})
export class ImportProductsInput {
  @Field(() => ImportFormat, { description: 'How the content is written.' })
  format: ImportFormat;

  @Field({
    description:
      'The rows, 1 to 100000 characters: a request has at most 100 kB in all. Send what is longer in several requests, each row once.',
  })
  @Length(1, MAX_CONTENT)
  content: string;

  @Field({ defaultValue: false, description: 'One row that cannot be used makes the job write nothing and fail.' })
  strict: boolean;

  @Field(() => Int, { defaultValue: 0, description: 'Units of new variants whose row does not tell, 0 to 100000000.' })
  @Min(0)
  @Max(MAX_UNITS)
  defaultStock: number;
}
