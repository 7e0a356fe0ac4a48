import { Injectable } from '@nestjs/common';
import { OperationTypeNode, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { permits, ruleOf } from '../access/access.decorators.js';
import type { Viewer } from '../access/viewer.js';
import { PlanSource } from './plan-source.js';
import { PlanWriter } from './plan-writer.js';
import type { NodeShape } from './node-shape.js';
import { NotPlanned, type Shape } from './shape.js';

/** A query that has passed every check, with its variables coerced. */
export interface PlannableQuery {
  schema: GraphQLSchema;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
  viewer: Viewer | null;
}

/** One statement that answers a whole query. */
export interface Plan {
  /** Answers one row with one column, `data`: the text of the JSON object. */
  sql: string;
  params: readonly unknown[];
}

/**
 * Writes queries as one statement whose answer is the text of the data. Only what the shapes of the rooms know is planned;
 * everything else is for the resolvers, who also tell every error.
 */
@Injectable()
export class Planner {
  private readonly shapes = new Map<string, Shape<never>>();
  private readonly nodes = new Map<string, NodeShape>();
  private readonly sources = new WeakMap<DocumentNode, PlanSource>();
  private readonly hopeless = new WeakSet<OperationDefinitionNode>();

  /** Adds fields of types, by their names. Several rooms may add to the same one. */
  register(shapes: Readonly<Record<string, Shape<never>>>): void {
    for (const [type, shape] of Object.entries(shapes)) {
      this.shapes.set(type, { ...this.shapes.get(type), ...shape });
    }
  }

  /** Adds a kind of things that are found by their global ids. */
  registerNode(kind: string, node: NodeShape): void {
    this.nodes.set(kind, node);
  }

  /** How things of a kind are found; `null` for those that the resolvers find. */
  node(kind: string): NodeShape | null {
    return this.nodes.get(kind) ?? null;
  }

  /** The plan of a query; `null` when the resolvers have to answer it. */
  plan(query: PlannableQuery): Plan | null {
    const { schema, document, definition, variables, viewer } = query;
    if (definition.operation !== OperationTypeNode.QUERY || this.hopeless.has(definition)) return null;
    const root = schema.getQueryType();
    const source = this.sources.get(document) ?? new PlanSource(schema, document);
    this.sources.set(document, source);
    try {
      const fields = source.selected('Query', [definition.selectionSet]).flatMap(({ field }) => field ?? []);
      for (const { name } of fields) if (!permits(ruleOf(root?.getFields()[name]), viewer)) return null;
      const writer = new PlanWriter(source, this.shapes, variables, viewer);
      const data = writer.object('Query', [definition.selectionSet], { row: null, repeats: false });
      // What needs no database is not sent there.
      if (!writer.reads) return null;
      return { sql: `SELECT ${data} AS data`, params: writer.params };
    } catch (error) {
      // It would not be planned with other values either. Every other error is one that the resolvers tell, at its place.
      if (error instanceof NotPlanned) this.hopeless.add(definition);
      return null;
    }
  }
}
