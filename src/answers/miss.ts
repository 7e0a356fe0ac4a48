import type { MadeFrom } from '../plans/made-from.js';
import type { Answer } from './answer-store.js';
import type { Drop } from './drop.js';

const MOST_DROPS = 1_000;

/** An answer that is being made. */
export class Miss {
  /** The answer; `null` when the database did not give one. */
  readonly answer: Promise<Answer | null>;
  private readonly drops: Drop[] = [];
  private changed = false;
  private changedMuch = false;

  constructor(
    private readonly madeFrom: MadeFrom,
    private readonly forStaff: boolean,
    make: (miss: Miss) => Promise<Answer | null>,
  ) {
    this.answer = make(this);
  }

  /** Whether something it may show has changed since it was begun: then it is for those alone who have asked before. */
  get mayBeOld(): boolean {
    return this.changed;
  }

  /** Something has changed, or, with `null`, anything. */
  note(drops: readonly Drop[] | null): void {
    const concern = drops?.filter((drop) => this.mayConcern(drop)) ?? null;
    if (concern?.length === 0) return;
    this.changed = true;
    if (concern && this.drops.length + concern.length <= MOST_DROPS) this.drops.push(...concern);
    else this.changedMuch = true;
  }

  /** Whether something that the answer is made from has changed while it was made. @param things what it is made from */
  isOld(things: ReadonlyMap<string, number>): boolean {
    return this.changedMuch || this.drops.some(({ thing, parts }) => ((things.get(thing) ?? 0) & parts) !== 0);
  }

  private mayConcern({ thing, parts, staffOnly }: Drop): boolean {
    return !(staffOnly && !this.forStaff) && this.madeFrom.mayConcern(thing, parts);
  }
}
