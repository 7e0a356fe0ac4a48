import { mock } from 'node:test';
import { MessageAllowance } from './message-allowance.js';

let now = 5_000;

beforeEach(() => {
  mock.method(performance, 'now', () => now);
});
afterEach(() => mock.restoreAll());

/** How many of so many messages are granted. */
const granted = (allowance: MessageAllowance, wanted: number): number =>
  Array.from({ length: wanted }, () => allowance.take()).filter(Boolean).length;

describe('MessageAllowance', () => {
  it('grants ten seconds of messages at once, and not one more', () => {
    for (const perSecond of [1, 20, 500]) {
      const allowance = new MessageAllowance(perSecond);
      expect(granted(allowance, perSecond * 10)).toBe(perSecond * 10);
      expect(allowance.take()).toBe(false);
    }
  });

  it('grants so many in each second that follows', () => {
    const allowance = new MessageAllowance(4);
    granted(allowance, 40);
    for (let second = 0; second < 20; second += 1) {
      now += 1_000;
      expect(granted(allowance, 4)).toBe(4);
    }
    now += 250;
    expect(granted(allowance, 1)).toBe(1);
    now += 249;
    expect(allowance.take()).toBe(false);
  });

  it('saves up no more than ten seconds of them', () => {
    const allowance = new MessageAllowance(2);
    granted(allowance, 20);
    now += 3_600_000;
    expect(granted(allowance, 30)).toBe(20);
  });

  it('never ends for who stays below it', () => {
    const allowance = new MessageAllowance(3);
    let refused = 0;
    for (let n = 0; n < 10_000; n += 1) {
      now += 334;
      if (!allowance.take()) refused += 1;
    }
    expect(refused).toBe(0);
  });
});
