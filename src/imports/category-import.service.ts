import { Injectable } from '@nestjs/common';
import { MAX_TREE_LEVELS } from '../categories/categories.errors.js';
import { Database } from '../database/database.js';
import type { Tx } from '../database/db.js';
import { freeSlugs } from '../database/slug.js';
import type { NewEvent } from '../events/event.js';
import { EventsService } from '../events/events.service.js';
import { CategoriesBulk, type TreeRow } from '../categories/categories.bulk.js';
import { categoryEvent, CategoryEventType } from '../categories/categories.events.js';
import { acceptCategoryHeader, arrange, readCategoryRow, type CategoryRowOfFile } from './category-rows.js';
import { openRows } from '../files/file-rows.js';
import { ImportReport } from './import-report.js';
import { BadRow, ImportError } from '../files/files.errors.js';
import type { ImportSummary } from './imports.type.js';

/** Where an imported tree goes. */
export interface CategoryImportOptions {
  /** Slug of the category that it hangs on; without it, its roots are roots of the shop. */
  below?: string;
}

/** What a file says, read and checked. */
interface CategoryFile {
  levels: CategoryRowOfFile[][];
  unit: ImportSummary['unit'];
  ignoredColumns: readonly string[];
}

/**
 * Imports a tree of categories in one transaction. A category of the file is one of the shop when the names from the root
 * down are the same; among siblings of one name, the first of the shop by age is the first of the file by id, and so on.
 */
@Injectable()
export class CategoryImportService {
  constructor(
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly queries: CategoriesBulk,
  ) {}

  /**
   * Adds the categories of a file that the shop does not have. A file with a bad row is refused as a whole:
   * a tree with holes is none. @throws ImportError
   */
  async run(file: string, { below }: CategoryImportOptions = {}): Promise<ImportSummary> {
    const report = new ImportReport();
    const { levels, unit, ignoredColumns } = await read(file, report);
    const written = report.rejected === 0;
    if (written) {
      const count = levels.reduce((sum, level) => sum + level.length, 0);
      report.counts.created = await this.database.transaction((tx) => this.write(tx, levels, below));
      report.counts.unchanged = count - report.counts.created;
    }
    return report.summary({ unit, ignoredColumns, written });
  }

  /** Answers how many categories are new. */
  private async write(tx: Tx, levels: readonly CategoryRowOfFile[][], below: string | undefined): Promise<number> {
    await this.queries.lockTree(tx);
    const tree = new KnownTree(await this.queries.tree(tx));
    const top = below === undefined ? null : tree.idOfSlug(below);
    if (tree.levelOf(top) + levels.length > MAX_TREE_LEVELS) {
      throw new ImportError(`The tree would have more than ${MAX_TREE_LEVELS} levels.`);
    }
    const ids = new Map<string, string>();
    let created = 0;
    for (const level of levels) {
      const parentOf = (row: CategoryRowOfFile): string | null =>
        row.parentId === null ? top : (ids.get(row.parentId) ?? null);
      const added: NewCategory[] = [];
      // In the order of the file's ids: that decides which of several siblings of one name is which.
      for (const row of level.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
        const id = tree.take(parentOf(row), row.name);
        if (id === null) added.push({ row, parentId: parentOf(row), position: 0 });
        else ids.set(row.id, id);
      }
      tree.place(added);
      for (const [row, id] of await this.insert(tx, added)) ids.set(row.id, id);
      created += added.length;
    }
    return created;
  }

  /** Adds categories, each under a free slug, and answers their ids. */
  private async insert(tx: Tx, added: readonly NewCategory[]): Promise<Map<CategoryRowOfFile, string>> {
    const ids = new Map<CategoryRowOfFile, string>();
    const told: NewEvent[] = [];
    for (let waiting = added; waiting.length > 0; waiting = added.filter(({ row }) => !ids.has(row))) {
      const slugs = await freeSlugs(
        tx,
        'categories',
        waiting.map(({ row }) => row.name),
      );
      const rows = waiting.map(({ row, ...place }, index) => ({ ...place, name: row.name, slug: slugs[index] ?? '' }));
      const inserted = await this.queries.insertWhereFree(tx, rows);
      // Two names may lead to one slug: who does not get it asks again.
      for (const { id, slug } of inserted) {
        const first = waiting[slugs.indexOf(slug)];
        if (!first) continue;
        const { row, ...place } = first;
        ids.set(row, id);
        told.push(categoryEvent(CategoryEventType.CREATED, { id, slug, name: row.name, ...place }));
      }
    }
    await this.queries.attach(tx, [...ids.values()]);
    await this.events.append(tx, ...told);
    return ids;
  }
}

interface NewCategory {
  row: CategoryRowOfFile;
  parentId: string | null;
  position: number;
}

/** The shop's tree, from which siblings of one name are taken one after the other. */
class KnownTree {
  private readonly byId: Map<string, TreeRow>;
  private readonly free = new Map<string, string[]>();
  private readonly nextPosition = new Map<string | null, number>();

  constructor(private readonly rows: readonly TreeRow[]) {
    this.byId = new Map(rows.map((row) => [row.id, row]));
    // Ids are made in the order of time.
    for (const { id, parentId, name } of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      const key = keyOf(parentId, name);
      this.free.set(key, [...(this.free.get(key) ?? []), id]);
    }
    for (const { parentId, position } of rows) {
      this.nextPosition.set(parentId, Math.max(this.nextPosition.get(parentId) ?? 0, position + 1));
    }
  }

  /** @throws ImportError */
  idOfSlug(slug: string): string {
    const row = this.rows.find((known) => known.slug === slug);
    if (!row) throw new ImportError(`There is no category "${slug}".`);
    return row.id;
  }

  levelOf(id: string | null): number {
    const row = id === null ? undefined : this.byId.get(id);
    return row ? 1 + this.levelOf(row.parentId) : 0;
  }

  /** The next category with this name below a parent, or `null`. */
  take(parentId: string | null, name: string): string | null {
    return this.free.get(keyOf(parentId, name))?.shift() ?? null;
  }

  /** Gives new categories their positions behind their siblings, in the order of the file. */
  place(added: readonly NewCategory[]): void {
    for (const category of added.toSorted((a, b) => a.row.line - b.row.line)) {
      category.position = this.nextPosition.get(category.parentId) ?? 0;
      this.nextPosition.set(category.parentId, category.position + 1);
    }
  }
}

function keyOf(parentId: string | null, name: string): string {
  return `${parentId ?? ''} ${name}`;
}

async function read(file: string, report: ImportReport): Promise<CategoryFile> {
  let ignoredColumns: string[] = [];
  const { rows, unit } = await openRows(file, (columns) => (ignoredColumns = acceptCategoryHeader(columns)));
  const usable: CategoryRowOfFile[] = [];
  for await (const row of rows) {
    try {
      if ('fault' in row) throw new BadRow(row.fault);
      usable.push(readCategoryRow(row.line, row.cells));
    } catch (error) {
      if (!(error instanceof BadRow)) throw error;
      report.reject({ line: row.line, reason: error.message });
    }
  }
  const { levels, problems } = arrange(usable);
  report.reject(...problems);
  return { levels, unit, ignoredColumns };
}
