import { mock } from 'node:test';
import { BackOff } from '../../client/live/back-off.js';

const random = mock.method(Math, 'random', () => 1);

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }));
afterEach(() => mock.timers.reset());
afterAll(() => random.mock.restore());

/** Waits once, and answers for how many milliseconds, in steps of 125. */
async function waited(backOff: BackOff): Promise<number> {
  let over = false;
  void backOff.wait().then(() => (over = true));
  for (let milliseconds = 0; milliseconds <= 60_000; milliseconds += 125) {
    await Promise.resolve();
    if (over) return milliseconds;
    mock.timers.tick(125);
  }
  return Infinity;
}

async function times(count: number, backOff: BackOff): Promise<number[]> {
  const all: number[] = [];
  while (all.length < count) all.push(await waited(backOff));
  return all;
}

describe('the next try', () => {
  it('waits half as long again each time, at most 30 s, and never gives up', async () => {
    const all = await times(1_100, new BackOff());
    expect(all.slice(0, 6)).toEqual([250, 375, 625, 875, 1_375, 2_000]);
    expect([all[11], ...new Set(all.slice(12))]).toEqual([21_625, 30_000]);
  });

  it('waits at random, so that thousands do not come at once', async () => {
    random.mock.mockImplementation(() => 0.5);
    expect(await times(3, new BackOff())).toEqual([125, 250, 375]);
    random.mock.mockImplementation(() => 1);
  });

  it('is one try for all who wait', async () => {
    const backOff = new BackOff();
    expect(backOff.wait()).toBe(backOff.wait());
    backOff.wake();
    expect(await waited(backOff)).toBe(375);
  });

  it('comes soon again after a success, or a connection that held for more than 10 s', async () => {
    const backOff = new BackOff();
    await times(5, backOff);
    backOff.connected();
    mock.timers.tick(10_000);
    expect(await times(2, backOff)).toEqual([2_000, 2_875]);
    backOff.connected();
    mock.timers.tick(10_001);
    expect(await times(2, backOff)).toEqual([250, 375]);
    backOff.succeeded();
    expect(await times(2, backOff)).toEqual([250, 375]);
  });

  it('comes at once when it is woken, and leaves no timer', async () => {
    const backOff = new BackOff();
    const first = backOff.wait();
    backOff.wake();
    await first;
    const second = backOff.wait();
    mock.timers.tick(250);
    let over = false;
    void second.then(() => (over = true));
    await Promise.resolve();
    expect(over).toBe(false);
    backOff.wake();
    await second;
  });
});
