import { pick } from './catalogue.js';
import type { RandomRequest } from './random-documents.js';

const VALUES_KEPT = 200;

/** Values of variables by their types, to send documents again with. */
export class OtherValues {
  private readonly seen = new Map<string, unknown[]>();

  constructor(private readonly random: () => number) {}

  /** Remembers the values of a request. */
  learn(request: RandomRequest): void {
    for (const [name, type] of variablesOf(request)) {
      const values = this.seen.get(type) ?? [];
      if (Object.hasOwn(request.variables, name)) values.push(request.variables[name]);
      this.seen.set(type, values.slice(-VALUES_KEPT));
    }
  }

  /** The same document with other values, as far as some are known. */
  for(request: RandomRequest): RandomRequest {
    const variables = variablesOf(request).flatMap(([name, type]) => {
      const values = this.seen.get(type) ?? [];
      return values.length === 0 ? [] : [[name, pick(this.random, values)] as const];
    });
    return { ...request, variables: Object.fromEntries(variables) };
  }
}

function variablesOf({ query }: RandomRequest): [name: string, type: string][] {
  return [...query.matchAll(/\$(v\d+): ([\w![\]]+)/g)].map(([, name = '', type = '']) => [name, type]);
}
