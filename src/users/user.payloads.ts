import { Field, ObjectType } from '@nestjs/graphql';
import { Payload } from '../graphql/payload.js';
import { User } from './user.type.js';

@ObjectType({ isAbstract: true })
abstract class UserPayload extends Payload {
  @Field(() => User, { nullable: true, description: 'The account as it is now; null when refused.' })
  user?: User | null;
}

@ObjectType({ description: 'Result of updateMe.' })
export class UpdateMePayload extends UserPayload {}

@ObjectType({ description: 'Result of assignRoles.' })
export class AssignRolesPayload extends UserPayload {}
