import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { GraphQLResolveInfo } from 'graphql';
import { Refusal } from '../errors/shop-error.js';
import type { Payload } from './payload.js';

/** Turns a refusal that a service threw into the `userErrors` of the mutation's payload. The only place that does. */
@Catch(Refusal)
export class RefusalFilter implements ExceptionFilter<Refusal> {
  catch(refusal: Refusal, host: ArgumentsHost): Payload | Refusal {
    const info = host.getArgByIndex<GraphQLResolveInfo>(3);
    if (info.operation.operation !== 'mutation') return refusal;
    const { code, message, field } = refusal;
    return { userErrors: [{ code, message, field }] };
  }
}
