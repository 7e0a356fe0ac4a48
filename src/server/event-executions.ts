import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { countingStatements, statementLog } from '../telemetry/statements.js';
import type { ShopContext } from '../graphql/context.js';

/** A context like the given one with nothing loaded yet. Loaders hang on the object, so a new object is a fresh start. */
export function freshContext(context: ShopContext): ShopContext {
  return { ...context, statements: context.statements && statementLog(), startedAt: performance.now() };
}

/** Executes one operation and counts its statements. */
export async function executeCounted(args: ExecutionArgs): Promise<ExecutionResult> {
  const { statements } = args.contextValue as ShopContext;
  return statements ? countingStatements(statements, () => execute(args)) : execute(args);
}

/**
 * A subscription's answers: one execution for each event of its source, in order, each with a fresh context.
 * Written by hand because graphql-js keeps one context, and its loaders' caches, for the whole life of a subscription.
 */
class EventExecutions implements AsyncIterableIterator<ExecutionResult> {
  constructor(
    private readonly events: AsyncIterator<unknown>,
    private readonly args: ExecutionArgs,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<ExecutionResult, undefined>> {
    const event = await this.events.next();
    if (event.done) return { value: undefined, done: true };
    const contextValue = freshContext(this.args.contextValue as ShopContext);
    return { value: await executeCounted({ ...this.args, rootValue: event.value, contextValue }), done: false };
  }

  async return(): Promise<IteratorResult<ExecutionResult, undefined>> {
    await this.events.return?.();
    return { value: undefined, done: true };
  }
}

/** Starts a subscription: its answers one by one, or why it cannot start. */
export async function subscribeFresh(
  args: ExecutionArgs,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const source = await createSourceEventStream(args);
  return Symbol.asyncIterator in source ? new EventExecutions(source[Symbol.asyncIterator](), args) : source;
}
