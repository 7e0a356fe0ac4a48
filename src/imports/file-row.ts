/** What a row holds, by the name of its column in lower case: texts in CSV, any JSON value otherwise. */
export type Cells = ReadonlyMap<string, unknown>;

/** One row of a file, or what is wrong with it. */
export type FileRow = { line: number; cells: Cells } | { line: number; fault: string };

/** Column names are the same in upper and lower case, with blanks or hyphens instead of underscores. */
export function columnName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}
