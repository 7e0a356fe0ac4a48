import { Logger } from '@nestjs/common';
import type { FastifyError, FastifyInstance } from 'fastify';
import { Unavailable } from '../errors/request-errors.js';
import { BadSignature, PaymentMethodUnavailable } from './payments.errors.js';
import type { PaymentsService } from './payments.service.js';

const BODY_LIMIT = 64 * 1024;
const logger = new Logger('Webhooks');

/**
 * Where providers tell what has become of payments: `POST /webhooks/<provider>`. A scope of its own, because what is signed
 * are the bytes, whatever their content type. Anything but 200 makes a provider tell it again later.
 */
export function serveWebhooks(server: FastifyInstance, payments: PaymentsService): void {
  void server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    scope.setErrorHandler<FastifyError>((error, _request, reply) => {
      const status = statusOf(error);
      if (status === 500) logger.error(error.stack);
      const known = status < 500 || error instanceof Unavailable;
      return reply.code(status).send({ error: known ? error.message : 'Something went wrong on our side.' });
    });
    scope.post<{ Params: { provider: string } }>('/webhooks/:provider', async ({ params, body, headers }) => {
      await payments.receive(params.provider, { body: Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers });
      return { received: true };
    });
  });
}

function statusOf(error: FastifyError): number {
  if (error instanceof PaymentMethodUnavailable) return 404;
  if (error instanceof Unavailable) return 503;
  if (error instanceof BadSignature) return 400;
  return error.statusCode ?? 500;
}
