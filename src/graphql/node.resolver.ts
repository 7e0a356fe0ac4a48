import { Args, ArgsType, Context, Field, ID, Query, Resolver } from '@nestjs/graphql';
import { ArrayMaxSize, MaxLength } from 'class-validator';
import { Public } from '../access/access.decorators.js';
import type { ShopContext } from './context.js';
import { Node, NodeRegistry } from './node.js';

const ID_LENGTH = 100;

/** Which node. */
@ArgsType()
export class NodeArgs {
  @Field(() => ID, { description: 'A global id.' })
  @MaxLength(ID_LENGTH)
  id: string;
}

/** Which nodes. */
@ArgsType()
export class NodesArgs {
  @Field(() => [ID], { description: 'Up to 100 global ids.' })
  @ArrayMaxSize(100)
  @MaxLength(ID_LENGTH, { each: true })
  ids: string[];
}

@Resolver(() => Node)
export class NodeResolver {
  constructor(private readonly registry: NodeRegistry) {}

  @Public()
  @Query(() => Node, {
    nullable: true,
    description: 'Anything by its id; null when it does not exist or you may not know of it.',
  })
  node(@Args() { id }: NodeArgs, @Context() context: ShopContext): Promise<object | null> {
    return this.registry.load(id, context);
  }

  @Public()
  @Query(() => [Node], {
    nullable: 'items',
    description:
      'Several things by their ids, in the same order; null where one does not exist or you may not know of it.',
  })
  nodes(@Args() { ids }: NodesArgs, @Context() context: ShopContext): Promise<(object | null)[]> {
    return Promise.all(ids.map((id) => this.registry.load(id, context)));
  }
}
