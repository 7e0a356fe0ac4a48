import { Injectable } from '@nestjs/common';
import { OperationTypeNode, type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { permits, ruleOf } from '../access/access.decorators.js';
import { isStaff, type Viewer } from '../access/viewer.js';
import type { KeptType, MadeFrom } from './made-from.js';
import { PlanSource } from './plan-source.js';
import { PlanWriter } from './plan-writer.js';
import type { NodeShape } from './node-shape.js';
import { NotPlanned, type Shape } from './shape.js';
import { writtenObjects } from './written-objects.js';

/** A query that has passed every check, with its variables coerced. */
export interface PlannableQuery {
  schema: GraphQLSchema;
  document: DocumentNode;
  definition: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
  viewer: Viewer | null;
  /** Whether the answer may be kept. */
  keeping: boolean;
}

/** One statement that answers a whole query. */
export interface Plan {
  /** Answers one row with one column, `data`: the text of the JSON object. */
  sql: string;
  params: readonly unknown[];
  /** What the answer is made from, which then bears marks; `null` when it is not to be kept. */
  madeFrom: MadeFrom | null;
}

/**
 * Writes queries as one statement whose answer is the text of the data. Only what the shapes of the rooms know is planned;
 * everything else is for the resolvers, who also tell every error.
 */
@Injectable()
export class Planner {
  private readonly shapes = new Map<string, Shape<never>>();
  private readonly kept = new Map<string, KeptType>();
  private readonly nodes = new Map<string, NodeShape>();
  private readonly sources = new WeakMap<DocumentNode, PlanSource>();
  private readonly written = writtenObjects();
  private readonly hopeless = new WeakSet<OperationDefinitionNode>();
  /** Operations whose answers are not kept. For staff it may be others: they are shown more. */
  private readonly passing = {
    staff: new WeakSet<OperationDefinitionNode>(),
    all: new WeakSet<OperationDefinitionNode>(),
  };

  /** Adds fields of types, by their names. Several rooms may add to the same one. */
  register(shapes: Readonly<Record<string, Shape<never>>>): void {
    for (const [type, shape] of Object.entries(shapes)) {
      this.shapes.set(type, { ...this.shapes.get(type), ...shape });
    }
  }

  /** Adds what fields of types are made from, by the names of the types. An answer with a field that is missing is not kept. */
  keep(types: Readonly<Record<string, KeptType>>): void {
    for (const [type, kept] of Object.entries(types)) {
      const known = this.kept.get(type);
      this.kept.set(type, { is: kept.is ?? known?.is, fields: { ...known?.fields, ...kept.fields } });
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
    const { schema, document, definition, viewer, keeping } = query;
    if (definition.operation !== OperationTypeNode.QUERY || this.hopeless.has(definition)) return null;
    const root = schema.getQueryType();
    const source = this.sources.get(document) ?? new PlanSource(schema, document);
    this.sources.set(document, source);
    const passing = this.passing[isStaff(viewer) ? 'staff' : 'all'];
    try {
      const fields = source.selected('Query', [definition.selectionSet]).flatMap(({ field }) => field ?? []);
      for (const { name } of fields) if (!permits(ruleOf(root?.getFields()[name]), viewer)) return null;
      const plan = this.write(query, source, keeping && !passing.has(definition));
      if (!keeping || plan?.madeFrom !== null || passing.has(definition)) return plan;
      // What is not to be kept bears no marks.
      passing.add(definition);
      return this.write(query, source, false);
    } catch (error) {
      // It would not be planned with other values either. Every other error is one that the resolvers tell, at its place.
      if (error instanceof NotPlanned) this.hopeless.add(definition);
      return null;
    }
  }

  private write({ definition, variables, viewer }: PlannableQuery, source: PlanSource, keeping: boolean): Plan | null {
    const writer = new PlanWriter(source, this.shapes, variables, viewer, this.written, keeping ? this.kept : null);
    const data = writer.object('Query', [definition.selectionSet], { row: null, repeats: false });
    // What needs no database is not sent there.
    if (!writer.reads) return null;
    return { sql: `SELECT ${data} AS data`, params: writer.params, madeFrom: writer.notesOfAnswer };
  }
}
