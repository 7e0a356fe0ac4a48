import { Field, Int, ObjectType } from '@nestjs/graphql';
import { Node } from '../graphql/node.js';

@ObjectType({ implements: () => [Node], description: 'A place in the tree of categories.' })
export class Category extends Node {
  @Field({ description: 'Unique name for URLs, such as "desk-lamps".' })
  slug: string;

  @Field({ description: 'Name for people.' })
  name: string;

  @Field({ description: 'Plain text; may be empty.' })
  description: string;

  @Field(() => Int, { description: 'Place among the categories with the same parent; smaller comes first.' })
  position: number;

  @Field({ description: 'When the category was created.' })
  createdAt: Date;

  @Field({ description: 'When the category was last changed.' })
  updatedAt: Date;

  @Field(() => Int, { description: 'Grows with every change; send it back as expectedVersion.' })
  version: number;

  /** The plain UUID; the resolver shows it as an id. */
  parentId: string | null;
}
