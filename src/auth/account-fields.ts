import { applyDecorators } from '@nestjs/common';
import { Field } from '@nestjs/graphql';
import { Length, MaxLength } from 'class-validator';

const MIN_PASSWORD_LENGTH = 8;
const MAX_PASSWORD_LENGTH = 200;

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
