import { availableParallelism } from 'node:os';
import { connectionsFor, fittingWorkers, wantedWorkers, WorkersRefused } from './worker-count.js';

describe('how many workers', () => {
  it('takes the number as it is, and a core for each with auto', () => {
    expect(wantedWorkers({ workers: 3 })).toBe(3);
    expect(wantedWorkers({ workers: 'auto' })).toBe(availableParallelism());
  });

  it('counts the pool, three connections of its own and the one that is replaced', () => {
    expect(connectionsFor(2, { databasePoolSize: 10 })).toBe(3 * 13 + 8);
  });

  it('refuses what PostgreSQL does not bear, and says what to do', () => {
    expect(fittingWorkers(97, { workers: 5, databasePoolSize: 10 })).toBe(5);
    expect(() => fittingWorkers(97, { workers: 6, databasePoolSize: 10 })).toThrow(
      new WorkersRefused(
        'SOUK_WORKERS=6 with DATABASE_POOL_SIZE=10 needs 99 connections to PostgreSQL, which lets 97 in. ' +
          'Lower one of the two, or raise max_connections of PostgreSQL.',
      ),
    );
    expect(fittingWorkers(97, { workers: 6, databasePoolSize: 9 })).toBe(6);
  });

  it('takes with auto as many as fit, one at least', () => {
    expect(fittingWorkers(20, { workers: 'auto', databasePoolSize: 200 })).toBe(1);
    expect(fittingWorkers(10_000, { workers: 'auto', databasePoolSize: 10 })).toBe(availableParallelism());
  });
});
