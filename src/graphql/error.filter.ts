import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { OperationTypeNode, type GraphQLResolveInfo } from 'graphql';
import { Refusal } from '../errors/shop-error.js';
import type { Payload } from './payload.js';

/**
 * Turns a refusal that a service threw into the `userErrors` of the mutation's payload: the only place that does.
 * Every other error is handed on to the executor as it is; `formatError` decides what is told and what is logged.
 */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): unknown {
    // An HTTP route that is not the API's: Fastify answers those.
    if (host.getType<'graphql' | 'http'>() !== 'graphql') throw error;
    const info = host.getArgByIndex<GraphQLResolveInfo>(3);
    if (!(error instanceof Refusal) || info.operation.operation !== OperationTypeNode.MUTATION) return error;
    const { code, message, field, shows } = error;
    return { ...shows, userErrors: [{ code, message, field }] } satisfies Payload;
  }
}
