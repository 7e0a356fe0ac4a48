import type { Drop } from './drop.js';
import { toSent, type SentDrop } from './drop.js';
import { SILENCE_MS, type Members } from './members.js';

/** A message holds 8,000 bytes. */
const MOST_BYTES = 7_500;

/** Something that this process has changed. */
interface Change {
  number: number;
  at: number;
  drops: readonly Drop[];
}

/**
 * Lets who has changed something wait until no process answers from before: they may read from any of them. A second later
 * that is so by itself: a process that has heard nothing for as long gives no kept answers.
 */
export class Settling {
  private changes: Change[] = [];
  private last = 0;
  private settledUntil = 0;
  private round: Promise<void> | null = null;

  constructor(private readonly members: Pick<Members, 'isAlone' | 'inform'>) {}

  /** Notes what was changed, right behind its commit. */
  note(drops: readonly Drop[]): void {
    // Who becomes a member later has read nothing from before.
    if (this.members.isAlone) return;
    const now = performance.now();
    this.changes = this.changes.filter(({ at }) => now - at < SILENCE_MS);
    this.last += 1;
    this.changes.push({ number: this.last, at: now, drops });
  }

  /** Resolves when what was noted so far is known everywhere. At once when there is nothing, after a second at the latest. */
  async settled(): Promise<void> {
    const wanted = this.last;
    const until = (this.changes.at(-1)?.at ?? -Infinity) + SILENCE_MS;
    while (this.settledUntil < wanted) {
      const left = until - performance.now();
      if (left <= 0) return;
      // Many at once are told together: one round is under way, the next one takes all that came meanwhile.
      this.round ??= this.tell().finally(() => (this.round = null));
      await Promise.race([this.round, elapsed(left)]);
    }
  }

  private async tell(): Promise<void> {
    const changes = this.changes.filter(({ number }) => number > this.settledUntil);
    const upTo = this.last;
    const youngest = changes.at(-1)?.at ?? -Infinity;
    await this.members.inform(sendable(changes), youngest + SILENCE_MS - performance.now());
    this.settledUntil = upTo;
    this.changes = this.changes.filter(({ number }) => number > upTo);
  }
}

/** The drops as they are sent; `null`, which stands for anything, when they are too long. */
function sendable(changes: readonly Change[]): SentDrop[] | null {
  const drops = new Map(
    changes.flatMap((change) => change.drops.map(toSent)).map((drop) => [JSON.stringify(drop), drop] as const),
  );
  const bytes = [...drops.keys()].reduce((sum, text) => sum + Buffer.byteLength(text) + 1, 0);
  return bytes > MOST_BYTES ? null : [...drops.values()];
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}
