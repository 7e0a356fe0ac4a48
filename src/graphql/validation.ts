import { Injectable, ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { BadUserInput, type FieldProblem } from '../errors/request-errors.js';

/** Checks every argument class before its resolver runs. Unknown properties cannot occur: GraphQL has refused them. */
@Injectable()
export class InputValidation extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      forbidUnknownValues: false,
      stopAtFirstError: true,
      exceptionFactory: (errors) => errors,
    });
  }

  /** @throws BadUserInput with one problem for each wrong field, its path starting at the argument */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    try {
      return await super.transform(value, metadata);
    } catch (errors) {
      if (!Array.isArray(errors)) throw errors;
      const prefix = metadata.data ? `${metadata.data}.` : '';
      throw new BadUserInput((errors as ValidationError[]).flatMap((error) => problemsOf(error, prefix)));
    }
  }
}

function problemsOf(error: ValidationError, prefix: string): FieldProblem[] {
  const path = prefix + error.property;
  const own = Object.values(error.constraints ?? {}).map((message) => ({
    path,
    message: withoutName(message, error.property),
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, `${path}.`))];
}

// class-validator starts its messages with the property, which the path says already.
function withoutName(message: string, property: string): string {
  const prefix = `${property} `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message.replace(`in ${prefix}`, '');
}
