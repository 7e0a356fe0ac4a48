import { randomUUID } from 'node:crypto';
import {
  getOperationAST,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
  type GraphQLFieldConfig,
} from 'graphql';
import type { Viewer } from '../../src/access/viewer.js';
import { Role } from '../../src/access/role.js';
import { EventsService } from '../../src/events/events.service.js';
import type { LoggedEvent } from '../../src/events/event.js';
import type { ShopContext } from '../../src/graphql/context.js';
import type { Scope } from '../../src/graphql/viewer-scope.js';
import type { LiveAnswer, Outlet } from '../../src/live/live-answer.js';
import { Membership, type LiveQuery } from '../../src/live/live-hub.js';
import { Watch } from '../../src/live/watch.js';
import { hubOf } from './live-insides.js';
import { settled, until } from './live.js';
import type { Answer, Shop } from './shop.js';

/** Things of the tests: a topic that no room of the shop has. */
export const TOPIC = 'hand-made';

/** What is told of one of their events. */
export interface Told {
  cursor: string;
  number: number;
}

type Field = GraphQLFieldConfig<Told, ShopContext, Record<string, unknown>>;

/** A field with code that reads something, and says or does not say how much of the viewer. */
export function reading(read: (context: ShopContext, told: Told) => unknown, scope?: Scope): Field {
  return {
    type: GraphQLString,
    args: { after: { type: GraphQLString } },
    resolve: (told, _args, context) => read(context, told),
    ...(scope && { extensions: { viewerScope: scope } }),
  };
}

/** A schema with one live field `told` and the fields given below it. */
export function handMade(fields: Record<string, Field> = {}, scope: Scope = 'public'): GraphQLSchema {
  const type: GraphQLObjectType = new GraphQLObjectType<Told, ShopContext>({
    name: 'Told',
    fields: { cursor: { type: GraphQLString }, number: { type: GraphQLInt }, ...fields },
  });
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLInt } } }),
    subscription: new GraphQLObjectType<unknown, ShopContext>({
      name: 'Subscription',
      fields: {
        told: {
          type,
          args: {
            after: { type: GraphQLString },
            ids: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
            label: { type: GraphQLString },
          },
          extensions: { viewerScope: scope },
          subscribe: (_root, { after, ids }) =>
            new Watch<Told>({
              topic: TOPIC,
              entityIds: ids ?? null,
              after,
              tell: (event, cursor) => tell(event, cursor),
            }),
        },
      },
    }),
  });
}

function tell({ payload }: LoggedEvent, cursor: string): Told | null {
  if (payload === 'fault') throw new Error('Nobody can tell this.');
  return typeof payload === 'number' ? { cursor, number: payload } : null;
}

/** Somebody with these roles. */
export function aViewer(...roles: readonly Role[]): Viewer {
  return { id: randomUUID(), roles, sessionId: randomUUID(), expiresAt: Date.now() / 1_000 + 900 };
}

/** Where answers go that nobody sends anywhere. */
export class Listener implements Outlet {
  readonly answers: LiveAnswer[] = [];
  readonly failures: unknown[] = [];
  unsent = 0;
  givenUp = 0;
  membership: Membership | null = null;

  send(answer: LiveAnswer): void {
    this.answers.push(answer);
  }

  drained(): Promise<boolean> {
    return Promise.resolve(true);
  }

  fail(error: unknown): void {
    this.failures.push(error);
    this.membership?.leave();
  }

  giveUp(): void {
    this.givenUp += 1;
    this.membership?.leave();
  }

  leave(): void {
    this.membership?.leave();
  }

  /** The next so many execution results. */
  async results(count: number): Promise<Pick<Answer, 'data' | 'errors'>[]> {
    await until(`${count} answers are there`, () => this.answers.length >= count);
    return this.answers
      .splice(0, count)
      .map(({ streamPart }) => JSON.parse(/^data: (.*)$/m.exec(streamPart)?.[1] ?? ''));
  }
}

/** A live query of somebody, apart from the transports. */
export interface Asked {
  schema: GraphQLSchema;
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
  viewer?: Viewer | null;
}

/** A live query as the hub wants it. */
export function liveQuery({ schema, query, variables = {}, operationName, viewer = null }: Asked): LiveQuery {
  const document = parse(query);
  const definition = getOperationAST(document, operationName);
  if (!definition) throw new Error('Which operation?');
  const context = { viewer, tokenProblem: null, address: '', statements: null, startedAt: 0 };
  return { schema, document, definition, operationName: operationName ?? null, variables, context };
}

/** Follows a live query. It does not begin when told so. */
export async function follow(shop: Shop, asked: Asked, { begins = true } = {}): Promise<Listener> {
  const listener = new Listener();
  const joined = await hubOf(shop).join(liveQuery(asked), listener);
  if (!(joined instanceof Membership)) throw joined.errors?.[0]?.originalError ?? new Error('Refused.');
  listener.membership = joined;
  if (begins) joined.begin();
  return listener;
}

/** Lets something happen to a thing, or to a new one each time, in this order; resolves when the server has told it all. */
export async function happen(shop: Shop, payloads: readonly unknown[], entityId?: string): Promise<void> {
  const events = shop.app.get(EventsService, { strict: false });
  await shop.database.transaction((tx) =>
    events.append(
      tx,
      ...payloads.map((payload) => ({ topic: TOPIC, entityId: entityId ?? randomUUID(), type: 'HAPPENED', payload })),
    ),
  );
  await settled(shop);
}
