import type { SentDrop } from './drop.js';
import type { Members } from './members.js';
import { Settling } from './settling.js';

const DROP = { thing: 'product:1', parts: 1 };

/** Other processes, which know when the test says so. */
class Others {
  isAlone = false;
  readonly told: (readonly SentDrop[] | null)[] = [];
  readonly waits: number[] = [];
  private ends: (() => void)[] = [];

  inform(drops: readonly SentDrop[] | null, milliseconds: number): Promise<void> {
    this.told.push(drops);
    this.waits.push(milliseconds);
    return new Promise((resolve) => void this.ends.push(resolve));
  }

  know(): void {
    for (const end of this.ends.splice(0)) end();
  }
}

function settling(): { others: Others; settling: Settling } {
  const others = new Others();
  const members: Pick<Members, 'isAlone' | 'inform'> = others;
  return { others, settling: new Settling(members) };
}

const turns = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('Settling', () => {
  it('waits until the others know what was changed', async () => {
    const { others, settling: changes } = settling();
    changes.note([DROP]);
    let isOver = false;
    const over = changes.settled().then(() => (isOver = true));
    await turns();
    expect([others.told.length, isOver]).toEqual([1, false]);
    others.know();
    await over;
    await changes.settled();
    expect(others.told).toHaveLength(1);
  });

  it('asks nobody when there is nobody, or nothing has changed', async () => {
    const { others, settling: changes } = settling();
    await changes.settled();
    others.isAlone = true;
    changes.note([DROP]);
    await changes.settled();
    expect(others.told).toEqual([]);
  });

  it('tells what comes during one round in the next one, together', async () => {
    const { others, settling: changes } = settling();
    changes.note([DROP]);
    const first = changes.settled();
    const later = ['a', 'b', 'b'].map((thing) => {
      changes.note([{ thing, parts: 1 }]);
      return changes.settled();
    });
    others.know();
    await first;
    await turns();
    expect(others.told.map((drops) => drops?.map(([thing]) => thing))).toEqual([['product:1'], ['a', 'b']]);
    others.know();
    await Promise.all(later);
  });

  it('says that anything may have changed when there is too much to say', async () => {
    const { others, settling: changes } = settling();
    changes.note(Array.from({ length: 300 }, (_, n) => ({ thing: `product:${n}`.padEnd(45), parts: 1 })));
    const over = changes.settled();
    others.know();
    await over;
    expect(others.told).toEqual([null]);
    expect(others.waits[0]).toBeLessThanOrEqual(1_000);
  });

  it('waits a second and no longer', async () => {
    const { others, settling: changes } = settling();
    changes.note([DROP]);
    await changes.settled();
    expect(others.told.length).toBeGreaterThan(0);
  });
});
