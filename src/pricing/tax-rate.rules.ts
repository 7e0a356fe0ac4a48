import { parsePercent } from '../promotions/percent.rules.js';

/** Basis points of a percentage from 0 to 100: `'17.5'` is 1,750. `null` for anything else, also for finer ones. */
export function rateBp(percent: string): number | null {
  return Number(percent) === 0 ? 0 : parsePercent(percent);
}
