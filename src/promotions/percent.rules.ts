const PERCENT = /^(\d{1,3})(?:\.(\d{1,2})0*)?$/;
const ALL_BP = 10_000;

/** Basis points of a percentage from 0.01 to 100: `'12.5'` is 1,250. `null` for anything else, also for finer ones. */
export function parsePercent(text: string): number | null {
  const [, whole = '', fraction = ''] = PERCENT.exec(text) ?? [];
  const basisPoints = Number(whole + fraction.padEnd(2, '0'));
  return basisPoints >= 1 && basisPoints <= ALL_BP ? basisPoints : null;
}

/** Basis points as a percentage without zeros at its end: 1,250 is `'12.5'`. */
export function formatPercent(basisPoints: number): string {
  const text = String(basisPoints).padStart(3, '0');
  const fraction = text.slice(-2).replace(/0+$/, '');
  return `${text.slice(0, -2)}${fraction && `.${fraction}`}`;
}
