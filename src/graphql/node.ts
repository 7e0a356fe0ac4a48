import { Injectable } from '@nestjs/common';
import { Field, ID, InterfaceType } from '@nestjs/graphql';
import type { ShopContext } from './context.js';
import { parseGlobalId } from './global-id.js';
import { ViewerScope } from './viewer-scope.js';

/** Anything with a global id. */
@InterfaceType({
  description: 'Anything that has an id and can be read again by it.',
  resolveType: (node: { __typename: string }) => node.__typename,
})
export abstract class Node {
  @ViewerScope('public')
  @Field(() => ID, { description: 'Globally unique, opaque id.' })
  id: string;
}

/** How one kind of node is found again. */
export interface NodeKind {
  /** The GraphQL type. */
  typeName: string;
  /** One row by its UUID, through a loader; `null` when it does not exist or the viewer may not know of it. */
  load(uuid: string, context: ShopContext): Promise<object | null>;
}

/** Where each room tells how its nodes are found, by the kind that starts their ids. */
@Injectable()
export class NodeRegistry {
  private readonly kinds = new Map<string, NodeKind>();

  register(kind: string, how: NodeKind): void {
    this.kinds.set(kind, how);
  }

  /** The node with a global id, with its type's name; `null` when there is none for this viewer. */
  async load(id: string, context: ShopContext): Promise<object | null> {
    const parsed = parseGlobalId(id);
    const kind = parsed && this.kinds.get(parsed.kind);
    if (!kind) return null;
    const row = await kind.load(parsed.uuid, context);
    return row && { ...row, __typename: kind.typeName };
  }
}
