import { Field, InputType } from '@nestjs/graphql';
import { Transform } from 'class-transformer';
import { Length, MaxLength } from 'class-validator';
import { EmailField } from '../graphql/email-field.js';
import { IdField } from '../graphql/id-field.js';
import { NewPasswordField, PasswordField } from './account-fields.js';

const REFRESH_TOKEN_LENGTH = 200;

/** The guest's cart that somebody brings along. */
function GuestCartField(): PropertyDecorator {
  return IdField('cart', {
    nullable: true,
    description:
      "The cart that was filled as a guest: it becomes the account's, or is merged into the one that the account has. " +
      'Lines beyond 100 stay in it. A cart that is gone, ordered or of somebody else is passed over.',
  });
}

@InputType({ description: 'A new account.' })
export class RegisterInput {
  @EmailField('E-mail address to sign in with.')
  email: string;

  @Field({ description: 'Name for people, 1 to 100 characters; spaces around it are cut off.' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Length(1, 100)
  name: string;

  @NewPasswordField('Password to sign in with.')
  password: string;

  @GuestCartField()
  cartId?: string | null;
}

@InputType({ description: 'Who signs in.' })
export class LoginInput {
  @EmailField('E-mail address of the account.')
  email: string;

  @PasswordField('Password of the account.')
  password: string;

  @GuestCartField()
  cartId?: string | null;
}

@InputType({ description: 'The session to refresh.' })
export class RefreshSessionInput {
  @Field({ description: 'The newest refresh token of the session. It can be used once.' })
  @MaxLength(REFRESH_TOKEN_LENGTH)
  refreshToken: string;
}

@InputType({ description: 'The session to end.' })
export class LogoutInput {
  @Field({ description: 'A refresh token of the session.' })
  @MaxLength(REFRESH_TOKEN_LENGTH)
  refreshToken: string;
}

@InputType({ description: 'Another password for the viewer.' })
export class ChangePasswordInput {
  @PasswordField('The password that holds until now.')
  currentPassword: string;

  @NewPasswordField('The password that holds from now on.')
  newPassword: string;
}

@InputType({ description: 'Another e-mail address for the viewer.' })
export class ChangeEmailInput {
  @EmailField('E-mail address to sign in with from now on.')
  email: string;

  @PasswordField('Password of the account.')
  currentPassword: string;
}
