import { Field, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { User } from '../users/user.type.js';

@ObjectType({
  description: 'Result of register, login, refreshSession and changePassword: a session and its two tokens.',
})
export class SessionPayload extends Payload {
  @Field(() => User, { nullable: true, description: 'Who is signed in; null when refused.' })
  user?: User | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Send it as "Authorization: Bearer <accessToken>", and in connection_init over WebSocket; null when refused.',
  })
  accessToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Send it to refreshSession when the access token ends. Keep it secret; null when refused.',
  })
  refreshToken?: string | null;

  @Field(() => Date, { nullable: true, description: 'When the access token ends; null when refused.' })
  expiresAt?: Date | null;
}

@ObjectType({ description: 'Result of logout.' })
export class LogoutPayload extends Payload {}

@ObjectType({ isAbstract: true })
abstract class AccountPayload extends Payload {
  @Field(() => User, { nullable: true, description: 'The account as it is now; null when refused.' })
  user?: User | null;
}

@ObjectType({ description: 'Result of changeEmail.' })
export class ChangeEmailPayload extends AccountPayload {}

@ObjectType({ description: 'Result of disableUser.' })
export class DisableUserPayload extends AccountPayload {}

@ObjectType({ description: 'Result of enableUser.' })
export class EnableUserPayload extends AccountPayload {}
