import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** Arguments as a resolver gets them: checked and changed by their class. @throws Error when they are refused; a resolver tells why */
export function checked<T extends object>(inputs: Type<T>, args: unknown): T {
  const instance = plainToInstance(inputs, args);
  const options = { forbidUnknownValues: false, stopAtFirstError: true };
  if (validateSync(instance, options).length > 0) throw new Error('The arguments are refused.');
  return instance;
}
