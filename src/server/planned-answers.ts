import { Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { getVariableValues } from 'graphql';
import { LRUCache } from 'lru-cache';
import { isStaff, type Viewer } from '../access/viewer.js';
import { Answer } from '../answers/answer-store.js';
import { KeptAnswers } from '../answers/kept-answers.js';
import { Database } from '../database/database.js';
import { Planner, type Plan } from '../plans/planner.service.js';
import { OperationGate } from './operation-gate.js';
import { PersistedDocuments } from './persisted-documents.js';
import type { FoundAnswer } from './send-answer.js';
import type { SentOperation } from './sent-operation.js';

const DOCUMENTS_KEPT = 500;

/** Answers to queries that PostgreSQL can answer whole: made now, or kept since they were made. */
@Injectable()
export class PlannedAnswers {
  /** A number for each document of which an answer may be kept. */
  private readonly documents = new LRUCache<string, number>({ max: DOCUMENTS_KEPT });
  private numbered = 0;

  constructor(
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly gate: OperationGate,
    private readonly planner: Planner,
    private readonly database: Database,
    private readonly answers: KeptAnswers,
    private readonly persisted: PersistedDocuments,
  ) {}

  /** An answer that is there, or is being made for somebody else; `null` when it has to be made. */
  kept(sent: SentOperation, viewer: Viewer | null): FoundAnswer | Promise<FoundAnswer | null> | null {
    const document = this.documents.get(sent.query);
    if (document === undefined) return null;
    const key = keyOf(document, sent, viewer);
    const answer = this.answers.find(key);
    if (answer === null || answer instanceof Answer) return answer && { answer, key };
    return answer.then((made) => made && { answer: made, key });
  }

  /** A fresh answer; `null` when the resolvers have to give it, or to say what is wrong. */
  async make(sent: SentOperation, viewer: Viewer | null): Promise<FoundAnswer | null> {
    const plan = this.planOf(sent, viewer);
    if (plan === null) return null;
    const { madeFrom } = plan;
    const read = (): Promise<string | null> => this.dataOf(plan);
    if (madeFrom === null) {
      const data = await read();
      return data === null ? null : { answer: Answer.of(data), key: null };
    }
    const making = { madeFrom, forStaff: isStaff(viewer), read };
    const key = keyOf(this.numberOf(sent.query), sent, viewer);
    const answer = await this.answers.make(key, making);
    return answer && { answer, key };
  }

  private planOf(sent: SentOperation, viewer: Viewer | null): Plan | null {
    const { schema } = this.schemaHost;
    const admitted = this.gate.admit(schema, sent);
    if (!('document' in admitted)) return null;
    const { document, definition, variables } = admitted;
    const { coerced } = getVariableValues(schema, definition.variableDefinitions ?? [], variables, { maxErrors: 1 });
    if (!coerced) return null;
    if (sent.hash !== null && !this.persisted.keep(sent.hash, sent.query)) return null;
    return this.planner.plan({ schema, document, definition, variables: coerced, viewer, keeping: this.answers.isOn });
  }

  private async dataOf({ sql, params }: Plan): Promise<string | null> {
    try {
      const [row] = await this.database.query<{ data: string }>('plan', sql, params);
      return row?.data ?? null;
    } catch {
      // The resolvers meet it again and tell it.
      return null;
    }
  }

  private numberOf(document: string): number {
    let number = this.documents.get(document);
    if (number === undefined) {
      number = this.numbered += 1;
      this.documents.set(document, number);
    }
    return number;
  }
}

/** Names everybody who gets the same answer to an operation, and the operation. */
function keyOf(document: number, { operationName, variables }: SentOperation, viewer: Viewer | null): string {
  return `${isStaff(viewer) ? 'staff' : 'all'} ${document} ${JSON.stringify([operationName ?? null, variables ?? {}])}`;
}
