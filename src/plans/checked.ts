import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { LRUCache } from 'lru-cache';

const CHARACTERS_KEPT = 500_000;
const kept = (): LRUCache<string, object> => {
  return new LRUCache({ maxSize: CHARACTERS_KEPT, sizeCalculation: (_, key) => key.length });
};
const known = new WeakMap<Type<object>, LRUCache<string, object>>();

/** Arguments as a resolver gets them: checked and changed by their class. @throws Error when they are refused; a resolver tells why */
export function checked<T extends object>(inputs: Type<T>, args: unknown): Readonly<T> {
  const of = known.get(inputs) ?? kept();
  known.set(inputs, of);
  // One class takes values of the same types always, so that equal texts are equal values.
  const key = JSON.stringify(args);
  let found = of.get(key) as T | undefined;
  if (!found) {
    found = afresh(inputs, args);
    of.set(key, found);
  }
  return found;
}

function afresh<T extends object>(inputs: Type<T>, args: unknown): T {
  const instance = plainToInstance(inputs, args);
  const options = { forbidUnknownValues: false, stopAtFirstError: true };
  if (validateSync(instance, options).length > 0) throw new Error('The arguments are refused.');
  return instance;
}
