import { applyDecorators } from '@nestjs/common';
import { Field } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { IsOptional, MaxLength, ValidateBy } from 'class-validator';
import { EmailAddress } from './scalars.js';

const EMAIL_LENGTH = 254;

/** An input field that takes an e-mail address. Behind the validation it is in lower case, without spaces around it. */
export function EmailField(description: string, { nullable = false } = {}): PropertyDecorator {
  return applyDecorators(
    Field(() => String, {
      nullable,
      description: `${description} At most ${EMAIL_LENGTH} characters; upper or lower case is the same.`,
    }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value)),
    MaxLength(EMAIL_LENGTH),
    ValidateBy({
      name: 'isEmailAddress',
      validator: { validate: isEmailAddress, defaultMessage: () => 'must be an e-mail address' },
    }),
    ...(nullable ? [IsOptional()] : []),
  );
}

function isEmailAddress(value: unknown): boolean {
  try {
    EmailAddress.parseValue(value);
    return true;
  } catch {
    return false;
  }
}
