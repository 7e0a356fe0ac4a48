import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { countingStatements } from '../telemetry/statements.js';
import type { ShopContext } from '../graphql/context.js';

/** Executes a query or mutation and counts its statements. */
export async function executeCounted(args: ExecutionArgs): Promise<ExecutionResult> {
  const { statements } = args.contextValue as ShopContext;
  return statements ? countingStatements(statements, () => execute(args)) : execute(args);
}
