import DataLoader from 'dataloader';
import type { ShopContext } from './context.js';

// What the loads of a context hang on, once it has forgotten the first ones.
const scopes = new WeakMap<ShopContext, object>();

/** Makes all loaders of a context load afresh: what they hold may have been changed. */
export function forgetLoaded(context: ShopContext): void {
  scopes.set(context, {});
}

/**
 * Collects the keys that one operation asks for and fetches them with one statement.
 * The class is a singleton; its caches belong to the context, so nothing is shared between viewers or kept between events.
 */
export abstract class BatchLoader<K, V> {
  private readonly loaders = new WeakMap<object, DataLoader<K, V, string | K>>();

  /** One value per key, in the order of the keys; an error in the place of one fails that key alone. */
  protected abstract fetch(keys: readonly K[], context: ShopContext): Promise<(V | Error)[]>;

  /** Tells keys apart that are objects. */
  protected cacheKey(key: K): string | K {
    return key;
  }

  /** The loader of one operation. */
  in(context: ShopContext): DataLoader<K, V, string | K> {
    const scope = scopes.get(context) ?? context;
    let loader = this.loaders.get(scope);
    if (!loader) {
      loader = new DataLoader((keys) => this.fetch(keys, context), {
        cacheKeyFn: (key) => this.cacheKey(key),
        maxBatchSize: 1_000,
      });
      this.loaders.set(scope, loader);
    }
    return loader;
  }
}

/** Puts rows into the order of their keys; `null` where a key has no row. */
export function byKey<K, V>(keys: readonly K[], rows: readonly V[], keyOf: (row: V) => K): (V | null)[] {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => found.get(key) ?? null);
}

/** Sorts rows into one list per key, in the order of the keys; an empty list where a key has no rows. */
export function groupedByKey<K, V>(keys: readonly K[], rows: readonly V[], keyOf: (row: V) => K): V[][] {
  const groups = new Map<K, V[]>(keys.map((key) => [key, []]));
  for (const row of rows) groups.get(keyOf(row))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
}
