import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { Transform, Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, IsOptional, Length, MaxLength, ValidateNested } from 'class-validator';
import { Role } from '../access/role.js';
import { IdField } from '../graphql/id-field.js';
import { PageArgs } from '../graphql/page.js';

@InputType({ description: 'Which accounts; all conditions hold together.' })
export class UserFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of name or e-mail address, up to 100 characters; upper or lower case.',
  })
  @IsOptional()
  @MaxLength(100)
  text?: string | null;

  @Field(() => Role, { nullable: true, description: 'Has this role, among others perhaps.' })
  role?: Role | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: accounts that are disabled; false: those whose owners can sign in.',
  })
  disabled?: boolean | null;
}

@ArgsType()
export class UsersArgs extends PageArgs {
  @Field(() => UserFilter, { nullable: true, description: 'Which accounts; all when left out.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => UserFilter)
  filter?: UserFilter | null;
}

@ArgsType()
export class UserArgs {
  @IdField('user', { description: 'Id of the account.' })
  id: string;
}

@InputType({ description: "Changes to the viewer's own account." })
export class UpdateMeInput {
  @Field({ description: 'Name for people, 1 to 100 characters; spaces around it are cut off.' })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.trim() : value))
  @Length(1, 100)
  name: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'What an account may do from now on.' })
export class AssignRolesInput {
  @IdField('user', { description: 'The account.' })
  userId: string;

  @Field(() => [Role], { description: 'All its roles, 1 to 4; roles that are not listed are taken away.' })
  @ArrayNotEmpty()
  @ArrayMaxSize(4)
  roles: Role[];

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ isAbstract: true })
abstract class AccountInput {
  @IdField('user', { description: 'The account.' })
  userId: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'The account that nobody shall sign in to.' })
export class DisableUserInput extends AccountInput {}

@InputType({ description: 'The account whose owner may sign in again.' })
export class EnableUserInput extends AccountInput {}
