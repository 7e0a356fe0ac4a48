import { applyDecorators } from '@nestjs/common';
import { Field, ID, type FieldOptions } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { IsOptional, ValidateBy } from 'class-validator';
import { uuidOf } from './global-id.js';

/** Stands in for an id that is not of the wanted kind until validation has named it. */
class ForeignId {
  readonly foreign = true;
}

type IdFieldOptions = Pick<FieldOptions, 'nullable' | 'description'>;

/** An input field that takes the id of one kind of thing. Behind the validation the property holds the plain UUID. */
export function IdField(kind: string, options: IdFieldOptions): PropertyDecorator {
  return applyDecorators(
    Field(() => ID, options),
    Transform(({ value }: { value: unknown }) => (value == null ? value : (uuidOf(kind, value) ?? new ForeignId()))),
    ValidateBy({
      name: 'isIdOf',
      validator: {
        validate: (value) => typeof value === 'string',
        defaultMessage: () => `must be the id of a ${kind}`,
      },
    }),
    ...(options.nullable ? [IsOptional()] : []),
  );
}

/** The same for a list of ids. */
export function IdsField(kind: string, options: IdFieldOptions & { max: number }): PropertyDecorator {
  const { max, ...field } = options;
  return applyDecorators(
    Field(() => [ID], field),
    Transform(({ value }: { value: unknown }) =>
      Array.isArray(value) ? value.map((id) => uuidOf(kind, id) ?? new ForeignId()) : value,
    ),
    ValidateBy({
      name: 'areIdsOf',
      validator: {
        validate: (value) => Array.isArray(value) && value.length <= max && value.every((id) => typeof id === 'string'),
        defaultMessage: () => `must be at most ${max} ids of a ${kind}`,
      },
    }),
    ...(options.nullable ? [IsOptional()] : []),
  );
}
