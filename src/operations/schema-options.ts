import type { BuildSchemaOptions } from '@nestjs/graphql';
import { IDEMPOTENT } from './idempotent.js';
import { DateTime } from '../graphql/scalars.js';

/** How classes become the schema, in the server and when `schema.gql` is written. */
export const SCHEMA_OPTIONS: BuildSchemaOptions = {
  scalarsMap: [{ type: Date, scalar: DateTime }],
  directives: [IDEMPOTENT],
  numberScalarMode: 'integer',
  noDuplicatedFields: true,
};
