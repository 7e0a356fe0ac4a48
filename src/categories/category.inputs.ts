import { ArgsType, Field, InputType, Int } from '@nestjs/graphql';
import { IsOptional, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { SLUG, SLUG_LENGTH } from '../database/slug.js';
import { IdField } from '../graphql/id-field.js';

const SLUG_MESSAGE = 'must be lower-case letters and digits, joined by single hyphens';
const MAX_POSITION = 100_000;

@ArgsType()
export class CategoriesArgs {
  @Field({ defaultValue: false, description: 'Only categories without a parent.' })
  rootsOnly: boolean;
}

@InputType({ isOneOf: true, description: 'Names one category.' })
export class CategoryBy {
  @IdField('category', { nullable: true, description: 'By its id.' })
  id?: string;

  @Field({ nullable: true, description: 'By its slug.' })
  @IsOptional()
  @MaxLength(SLUG_LENGTH)
  slug?: string;
}

@InputType({ description: 'A new category.' })
export class CreateCategoryInput {
  @Field({ description: 'Name for people, 1 to 200 characters.' })
  @Length(1, 200)
  name: string;

  @Field(() => String, { nullable: true, description: 'Unique name for URLs; made from the name when left out.' })
  @IsOptional()
  @MaxLength(SLUG_LENGTH)
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug?: string | null;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 5000 characters.' })
  @IsOptional()
  @MaxLength(5_000)
  description?: string | null;

  @IdField('category', { nullable: true, description: 'Category that it goes below; a root when left out.' })
  parentId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Place among its siblings, from 0; last when left out.' })
  @IsOptional()
  @Min(0)
  @Max(MAX_POSITION)
  position?: number | null;
}

@InputType({ description: 'Changes to a category. What is left out stays as it is.' })
export class UpdateCategoryInput {
  @IdField('category', { description: 'The category.' })
  id: string;

  @Field(() => String, { nullable: true, description: 'Name for people, 1 to 200 characters.' })
  @IsOptional()
  @Length(1, 200)
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Unique name for URLs.' })
  @IsOptional()
  @MaxLength(SLUG_LENGTH)
  @Matches(SLUG, { message: SLUG_MESSAGE })
  slug?: string | null;

  @Field(() => String, { nullable: true, description: 'Plain text, up to 5000 characters.' })
  @IsOptional()
  @MaxLength(5_000)
  description?: string | null;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'Where a category goes in the tree, with everything below it.' })
export class MoveCategoryInput {
  @IdField('category', { description: 'The category.' })
  id: string;

  @IdField('category', { nullable: true, description: 'Its new parent; null makes it a root.' })
  parentId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Place among its new siblings, from 0; last when left out.' })
  @IsOptional()
  @Min(0)
  @Max(MAX_POSITION)
  position?: number | null;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A category to delete.' })
export class DeleteCategoryInput {
  @IdField('category', { description: 'The category; it must have no subcategories and no products.' })
  id: string;

  @Field(() => Int, { nullable: true, description: 'The version you read; another one is VERSION_CONFLICT.' })
  expectedVersion?: number | null;
}
