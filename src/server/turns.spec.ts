import { mock } from 'node:test';
import { Turns } from './turns.js';

/** Work that ends when it is told to. */
function held(): { work: () => Promise<string>; begun: () => boolean; end: (result?: string) => void } {
  const waiting: ((result: string) => void)[] = [];
  let begun = false;
  const ended = new Promise<string>((resolve) => waiting.push(resolve));
  return {
    work: () => ((begun = true), ended),
    begun: () => begun,
    end: (result = 'done') => waiting.forEach((resolve) => resolve(result)),
  };
}

/** Lets everything go on that can. */
async function settle(): Promise<void> {
  for (let step = 0; step < 20; step += 1) await Promise.resolve();
}

describe('Turns', () => {
  it('run work of one name one after the other, and of other names at once', async () => {
    const turns = new Turns();
    const [first, second, other] = [held(), held(), held()];
    const results = [turns.take('a', first.work), turns.take('a', second.work), turns.take('b', other.work)];
    await settle();
    expect([first, second, other].map(({ begun }) => begun())).toEqual([true, false, true]);
    first.end('1');
    await settle();
    expect(second.begun()).toBe(true);
    second.end('2');
    other.end('3');
    expect(await Promise.all(results)).toEqual(['1', '2', '3']);
    expect(turns['queues'].size).toBe(0);
  });

  it('go on to the next when work fails', async () => {
    const turns = new Turns();
    const failing = turns.take('a', () => Promise.reject(new Error('no')));
    const next = turns.take('a', () => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(turns['queues'].size).toBe(0);
  });

  it('do not wait longer than 15 s, and then do not begin', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      const turns = new Turns();
      const [slow, late, patient] = [held(), held(), held()];
      const first = turns.take('a', slow.work);
      const given = turns.take('a', late.work).catch((error: unknown) => error);
      mock.timers.tick(14_999);
      const last = turns.take('a', patient.work);
      mock.timers.tick(1);
      expect(await given).toMatchObject({ code: 'UNAVAILABLE' });
      slow.end();
      patient.end();
      await Promise.all([first, last]);
      expect([late.begun(), patient.begun()]).toEqual([false, true]);
      expect(turns['queues'].size).toBe(0);
    } finally {
      mock.timers.reset();
    }
  });

  it('refuse at once behind 1,000 others', async () => {
    const turns = new Turns();
    const slow = held();
    const all = Array.from({ length: 1_001 }, () => turns.take('a', slow.work));
    await expect(turns.take('a', slow.work)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    slow.end();
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']));
  });
});
