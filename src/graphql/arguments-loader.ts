import { BatchLoader } from './batch-loader.js';
import type { ShopContext } from './context.js';

/** Of which thing, and what: a field with arguments on many rows of one kind. */
export interface ArgumentsKey<A> {
  id: string;
  args: A;
}

/** Keys that ask for the same of different things, and where they stood among all keys. */
interface Group<A> {
  args: A;
  ids: string[];
  places: number[];
}

/** A loader of fields with arguments: one fetch for each different set of arguments, so the number of statements depends on the document alone. */
export abstract class ArgumentsLoader<A, V> extends BatchLoader<ArgumentsKey<A>, V> {
  protected override cacheKey({ id, args }: ArgumentsKey<A>): string {
    return id + JSON.stringify(args);
  }

  /** One value per id, for keys with the same arguments. */
  protected abstract fetchGroup(ids: readonly string[], args: A, context: ShopContext): Promise<V[]>;

  protected async fetch(keys: readonly ArgumentsKey<A>[], context: ShopContext): Promise<(V | Error)[]> {
    const values: (V | Error)[] = Array.from({ length: keys.length });
    await Promise.all(
      groupsOf(keys).map(async ({ args, ids, places }) => {
        // Arguments that are refused spoil only the fields that they stand at.
        const found = await this.fetchGroup(ids, args, context).catch((error: Error) => ids.map(() => error));
        found.forEach((value, index) => (values[places[index] ?? 0] = value));
      }),
    );
    return values;
  }
}

function groupsOf<A>(keys: readonly ArgumentsKey<A>[]): Group<A>[] {
  const groups = new Map<string, Group<A>>();
  keys.forEach(({ id, args }, place) => {
    const name = JSON.stringify(args);
    const group = groups.get(name) ?? { args, ids: [], places: [] };
    group.ids.push(id);
    group.places.push(place);
    groups.set(name, group);
  });
  return [...groups.values()];
}
