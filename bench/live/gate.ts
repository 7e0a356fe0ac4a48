/** One line of the table at the end. */
export interface Gate {
  gate: string;
  aim: string;
  figure: string;
  /** `null` for a figure that is only told. */
  passed: boolean | null;
}

/** A figure with no aim. */
export function told(gate: string, figure: string): Gate {
  return { gate, aim: '', figure, passed: null };
}

const COLUMNS = ['gate', 'aim', 'figure', 'passed'] as const;

/** The table as Markdown, in columns that line up. */
export function tableOf(gates: readonly Gate[]): string {
  const rows = [['Gate', 'Aim', 'Figure', ''], ...gates.map((gate) => COLUMNS.map((column) => cellOf(gate[column])))];
  const widths = COLUMNS.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}

function cellOf(value: string | boolean | null): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : value ? 'pass' : 'FAIL';
}
