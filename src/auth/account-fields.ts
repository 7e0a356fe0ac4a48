import { applyDecorators } from '@nestjs/common';
import { Field } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { Length, MaxLength, ValidateBy } from 'class-validator';
import { EmailAddress } from '../graphql/scalars.js';

const EMAIL_LENGTH = 254;
const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 200;

/** An input field that takes an e-mail address. Behind the validation it is in lower case, without spaces around it. */
export function EmailField(description: string): PropertyDecorator {
  return applyDecorators(
    Field(() => String, {
      description: `${description} At most ${EMAIL_LENGTH} characters; upper or lower case is the same.`,
    }),
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim().toLowerCase() : value)),
    MaxLength(EMAIL_LENGTH),
    ValidateBy({
      name: 'isEmailAddress',
      validator: { validate: isEmailAddress, defaultMessage: () => 'must be an e-mail address' },
    }),
  );
}

/** An input field for a password that is set. */
export function NewPasswordField(description: string): PropertyDecorator {
  return applyDecorators(
    Field(() => String, {
      description: `${description} ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, any of them.`,
    }),
    Length(MIN_PASSWORD_LENGTH, MAX_PASSWORD_LENGTH),
  );
}

/** An input field for a password that is checked: it may be older than the rule for new ones. */
export function PasswordField(description: string): PropertyDecorator {
  return applyDecorators(
    Field(() => String, { description: `${description} At most ${MAX_PASSWORD_LENGTH} characters.` }),
    MaxLength(MAX_PASSWORD_LENGTH),
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
