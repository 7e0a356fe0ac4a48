import type { BuildSchemaOptions } from '@nestjs/graphql';
import { DateTime } from './scalars.js';

/** How classes become the schema, in the server and when `schema.gql` is written. */
export const SCHEMA_OPTIONS: BuildSchemaOptions = {
  scalarsMap: [{ type: Date, scalar: DateTime }],
  numberScalarMode: 'integer',
  noDuplicatedFields: true,
};
