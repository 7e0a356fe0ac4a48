import { SLUG } from '../database/slug.js';
import type { TreeRow } from '../categories/categories.bulk.js';

type Place = Pick<TreeRow, 'id' | 'slug' | 'name' | 'parentId'>;

const SEPARATOR = '\0';

/** The tree of categories as it was read, found by names. */
export class CategoryDirectory {
  private readonly byId = new Map<string, Place>();
  private readonly bySlug = new Map<string, string>();
  private readonly byPath = new Map<string, string[]>();

  /** @param rows siblings in their order */
  constructor(rows: readonly TreeRow[]) {
    for (const row of rows) this.byId.set(row.id, row);
    for (const row of rows) this.enter(row);
  }

  /** Adds a category whose parent is known. */
  add(category: Place): void {
    this.byId.set(category.id, category);
    this.enter(category);
  }

  /**
   * The categories that names from the root down lead to; siblings may have the same name, the first one comes first.
   * A single name that is no root's may also be a slug.
   */
  find(names: readonly string[]): readonly string[] {
    const found = this.byPath.get(names.join(SEPARATOR));
    if (found) return found;
    const [slug = ''] = names;
    const id = names.length === 1 && SLUG.test(slug) ? this.bySlug.get(slug) : undefined;
    return id === undefined ? [] : [id];
  }

  /** How many of the names, from the root down, lead somewhere, and where to. */
  deepest(names: readonly string[]): { levels: number; id: string | null } {
    for (let levels = names.length; levels > 0; levels -= 1) {
      const [id] = this.byPath.get(names.slice(0, levels).join(SEPARATOR)) ?? [];
      if (id !== undefined) return { levels, id };
    }
    return { levels: 0, id: null };
  }

  /** Names from the root down; `null` for a category that was not there when the tree was read. */
  namesOf(id: string): string[] | null {
    const names: string[] = [];
    for (let at: string | null = id; at !== null;) {
      const place = this.byId.get(at);
      if (!place) return null;
      names.unshift(place.name);
      at = place.parentId;
    }
    return names;
  }

  private enter({ id, slug }: Place): void {
    const path = (this.namesOf(id) ?? []).join(SEPARATOR);
    const same = this.byPath.get(path);
    if (same) same.push(id);
    else this.byPath.set(path, [id]);
    this.bySlug.set(slug, id);
  }
}
