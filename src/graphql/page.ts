import type { Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { cursorOf, type KeysetSort, type Keyed, type Page, type PageRequest } from '../database/keyset.js';
import { Cursor } from './scalars.js';

/** Arguments of every list: forward, backward, or by number. The sizes are checked where the page is cut. */
@ArgsType()
export class PageArgs implements PageRequest {
  @Field(() => Int, { nullable: true, description: 'How many of the next items, 1 to 100. Default 20.' })
  first?: number | null;

  @Field(() => Cursor, { nullable: true, description: 'Only items after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many of the items before a cursor, or of the last ones, 1 to 100.',
  })
  last?: number | null;

  @Field(() => Cursor, { nullable: true, description: 'Only items before this cursor.' })
  before?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Items to pass over, for page numbers, 0 to 10000. Goes with first only.',
  })
  skip?: number | null;
}

@ObjectType({ description: 'Where a page of a list begins and ends.' })
export class PageInfo {
  @Field({ description: 'Whether there are items after this page.' })
  hasNextPage: boolean;

  @Field({ description: 'Whether there are items before this page.' })
  hasPreviousPage: boolean;

  @Field(() => Cursor, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  startCursor: string | null;

  @Field(() => Cursor, { nullable: true, description: 'Cursor of the last item; null on an empty page.' })
  endCursor: string | null;
}

/** One item of a list with its position. */
export interface Edge<T> {
  cursor: string;
  node: T;
}

/** One page of a list, as the API shows it. */
export interface Connection<T> {
  edges: Edge<T>[];
  nodes: T[];
  pageInfo: PageInfo;
  /** A getter: it counts when it is read, which is when the client has selected the field. */
  readonly totalCount: Promise<number>;
}

/** Makes the GraphQL types of a list of one kind of node; extend it with the name: `class ProductConnection extends connectionOf(Product) {}`. */
export function connectionOf<T extends object>(node: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a list, with its position.` })
  class EdgeType implements Edge<T> {
    @Field(() => Cursor, { description: 'Position of this item, for after or before.' })
    cursor: string;

    @Field(() => node, { description: 'The item.' })
    node: T;
  }

  @ObjectType({ isAbstract: true })
  abstract class ConnectionType implements Connection<T> {
    @Field(() => [EdgeType], { description: 'The items of this page with their cursors, in the order of the list.' })
    edges: EdgeType[];

    @Field(() => [node], { description: 'The items of this page, in the order of the list.' })
    nodes: T[];

    @Field(() => PageInfo, { description: 'Whether there is more, and where this page begins and ends.' })
    pageInfo: PageInfo;

    @Field(() => Int, { description: 'How many items the whole list has. Counted only when asked for.' })
    readonly totalCount: Promise<number>;
  }
  return ConnectionType as Type<Connection<T>>;
}

/** A fetched page as a connection. */
export function toConnection<T extends Keyed>(
  sort: KeysetSort,
  page: Page<T>,
  count: () => Promise<number>,
): Connection<T> {
  const { rows } = page;
  const first = rows[0];
  const last = rows.at(-1);
  return {
    // A getter: many clients select only nodes, and cursors cost an encoding each.
    get edges() {
      return rows.map((node) => ({ cursor: cursorOf(sort, node), node }));
    },
    nodes: rows,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: first ? cursorOf(sort, first) : null,
      endCursor: last ? cursorOf(sort, last) : null,
    },
    get totalCount() {
      return count();
    },
  };
}
