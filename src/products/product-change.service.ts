import type { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { violatedConstraint } from '../database/pg-error.js';
import { refusalOfConstraint } from './products.errors.js';

/** Where a change is made, and the input field that holds all variants when it is not about a single one. */
export interface ChangePlace {
  database: Database;
  variants?: string;
}

/** Runs a change of products or variants in one transaction; a constraint that it violates becomes the refusal it stands for. */
export async function changing<T>({ database, variants }: ChangePlace, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await database.transaction(work);
  } catch (error) {
    throw refusalOfConstraint(violatedConstraint(error), variants) ?? error;
  }
}
