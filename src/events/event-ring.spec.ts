import type { LoggedEvent } from './event.js';
import { EventRing } from './event-ring.js';

const event = (pos: number, bytes = 10): LoggedEvent => {
  const what = { topic: 'product', entityId: 'a', type: 'UPDATED', payload: {} };
  return { ...what, pos, at: new Date(0), bytes };
};
const positions = (events: readonly LoggedEvent[] | null): number[] | null => events && events.map(({ pos }) => pos);

describe('EventRing', () => {
  it('answers what follows a position, and knows when it does not know', () => {
    const ring = new EventRing({ events: 3, bytes: 1_000 });
    expect(ring.after(0)).toBeNull();
    ring.add([event(5), event(6)]);
    expect(positions(ring.after(4))).toEqual([5, 6]);
    expect(positions(ring.after(5))).toEqual([6]);
    expect(positions(ring.after(6))).toEqual([]);
    expect(ring.after(3)).toBeNull();
  });

  it('keeps the newest events when there are more than twice as many as wanted', () => {
    const ring = new EventRing({ events: 3, bytes: 1_000 });
    ring.add([1, 2, 3, 4, 5, 6].map((pos) => event(pos)));
    expect(positions(ring.after(0))).toEqual([1, 2, 3, 4, 5, 6]);
    ring.add([event(7)]);
    expect(positions(ring.after(4))).toEqual([5, 6, 7]);
    expect(ring.after(3)).toBeNull();
  });

  it('keeps fewer when they are large, but always the newest', () => {
    const ring = new EventRing({ events: 100, bytes: 100 });
    ring.add([event(1, 90), event(2, 90)]);
    expect(positions(ring.after(0))).toEqual([1, 2]);
    ring.add([event(3, 60), event(4, 40)]);
    expect(positions(ring.after(2))).toEqual([3, 4]);
    expect(ring.after(1)).toBeNull();
    ring.add([event(5, 5_000)]);
    expect(positions(ring.after(4))).toEqual([5]);
    expect(ring.after(3)).toBeNull();
  });
});
