import { Standstill } from './standstill.js';

describe('a standstill', () => {
  it('lasts as long as the same event waits and none gets a position', () => {
    const standstill = new Standstill();
    expect(standstill.look({ first: 7, lastPos: 3 }, 1_000)).toBe(0);
    expect(standstill.look({ first: 7, lastPos: 3 }, 1_300)).toBe(300);
    expect(standstill.look({ first: 7, lastPos: 3 }, 1_900)).toBe(900);
  });

  it('ends with any sign of life: a position, another first event, an empty outbox', () => {
    for (const alive of [
      { first: 7, lastPos: 4 },
      { first: 8, lastPos: 4 },
      { first: null, lastPos: 4 },
    ]) {
      const standstill = new Standstill();
      standstill.look({ first: 7, lastPos: 3 }, 0);
      expect(standstill.look({ first: 7, lastPos: 3 }, 500)).toBe(500);
      expect(standstill.look(alive, 800)).toBe(0);
      expect(standstill.look({ first: 7, lastPos: 3 }, 1_000)).toBe(0);
    }
  });

  it('is none while the outbox is empty, however long', () => {
    const standstill = new Standstill();
    for (const now of [0, 1_000, 5_000]) expect(standstill.look({ first: null, lastPos: 4 }, now)).toBe(0);
    expect(standstill.look({ first: 1, lastPos: 4 }, 6_000)).toBe(0);
  });

  it('begins anew with another leader', () => {
    const standstill = new Standstill();
    standstill.look({ first: 7, lastPos: 3 }, 0);
    standstill.forget();
    expect(standstill.look({ first: 7, lastPos: 3 }, 1_000)).toBe(0);
  });
});
