import { MAX_TREE_LEVELS } from '../categories/categories.errors.js';
import { BadRow, ImportError } from '../files/files.errors.js';
import type { RowProblem } from './imports.type.js';
import { RowReader, shown, type Cells } from '../files/row-reader.js';

/** A row of a category file: ids are the file's own. */
export interface CategoryRowOfFile {
  line: number;
  id: string;
  name: string;
  parentId: string | null;
}

const COLUMNS = ['id', 'name', 'parent_id'];

/**
 * Looks whether a CSV file can be a category file. Answers the columns that mean nothing here.
 * @throws ImportError when a column is missing
 */
export function acceptCategoryHeader(columns: readonly string[]): string[] {
  const missing = COLUMNS.find((column) => !columns.includes(column));
  if (missing !== undefined) {
    throw new ImportError(`the header has no column "${missing}"; it has: ${columns.join(', ')}.`);
  }
  // The depth follows from the parents.
  return columns.filter((column) => !COLUMNS.includes(column) && column !== 'depth');
}

/** A category without a name, which real trees have, is called by its id. @throws BadRow */
export function readCategoryRow(line: number, cells: Cells): CategoryRowOfFile {
  const row = new RowReader(cells);
  const id = row.text('id', 200);
  if (id === undefined) throw new BadRow('id: is missing');
  return { line, id, name: row.text('name', 200) ?? id, parentId: row.text('parent_id', 200) ?? null };
}

/** The rows by their levels, from the roots down, and those that have no place in the tree. */
export interface ArrangedRows {
  levels: CategoryRowOfFile[][];
  problems: RowProblem[];
}

/** Puts rows, which may come in any order, into a tree of at most so many levels. Siblings keep their order. */
export function arrange(rows: readonly CategoryRowOfFile[], most = MAX_TREE_LEVELS): ArrangedRows {
  const problems: RowProblem[] = [];
  const known = new Map<string, CategoryRowOfFile>();
  for (const row of rows) {
    const first = known.get(row.id);
    if (first) problems.push({ line: row.line, reason: `id: ${shown(row.id)} stands in line ${first.line} already` });
    else known.set(row.id, row);
  }
  const childrenOf = Map.groupBy(known.values(), (row) => row.parentId);
  const levels: CategoryRowOfFile[][] = [];
  let level = childrenOf.get(null) ?? [];
  while (level.length > 0 && levels.length < most) {
    levels.push(level);
    level = level.flatMap((row) => childrenOf.get(row.id) ?? []);
  }
  const placed = new Set(levels.flat());
  const tooDeep = new Set(level);
  for (const row of known.values()) {
    if (!placed.has(row)) problems.push({ line: row.line, reason: reasonOf(row, known, tooDeep) });
  }
  return { levels, problems };
}

function reasonOf(
  row: CategoryRowOfFile,
  known: ReadonlyMap<string, CategoryRowOfFile>,
  tooDeep: ReadonlySet<CategoryRowOfFile>,
): string {
  if (row.parentId !== null && !known.has(row.parentId)) {
    return `parent_id: there is no category ${shown(row.parentId)} in the file`;
  }
  return tooDeep.has(row)
    ? `parent_id: the tree has at most ${MAX_TREE_LEVELS} levels`
    : 'parent_id: it is below itself, or below a category that has no place';
}
