import { reportText, type Report } from './report.js';

const KEPT: Report = {
  souk: '1.2.3',
  postgres: '18.4',
  node: '24.0.0',
  seed: 42,
  short: true,
  seconds: 61.25,
  kept: true,
  rounds: [
    {
      name: 'units',
      title: 'The last units',
      promise: 'Nothing is sold twice.',
      figures: '50 sold',
      broken: [],
      seconds: 2.04,
    },
  ],
  sums: [{ title: 'one order per key', broken: [] }],
  figures: '50 orders',
};

describe('the report of souk prove', () => {
  it('has a line for each round and sum, and tells how to see the same again', () => {
    expect(reportText(KEPT).split('\n')).toEqual([
      'Souk 1.2.3 on PostgreSQL 18.4 and Node 24.0.0: two servers, one database, all of it scratch.',
      '',
      '  kept    The last units             2.0 s',
      '       Nothing is sold twice.',
      '       50 sold',
      '',
      'The sums over 50 orders',
      '  kept    one order per key',
      '',
      'All promises kept: 1 rounds and 1 sums in 61.3 s (--seed 42 --short).',
      '',
    ]);
  });

  it('shows what is broken and on what that is seen', () => {
    const rows = [{ key: 'k-1', orders: 2, numbers: ['A', 'B'] }];
    const broken = {
      ...KEPT,
      kept: false,
      short: false,
      sums: [{ title: 'one order per key', broken: [{ what: 'found', rows }] }],
    };
    expect(reportText(broken).split('\n').slice(7)).toEqual([
      '  BROKEN  one order per key',
      '       ! found',
      '           key k-1 · orders 2 · numbers ["A","B"]',
      '',
      'BROKEN in 61.3 s (--seed 42): one order per key.',
      '',
    ]);
  });

  it('breaks long sentences between words', () => {
    const figures = Array(30).fill('figure').join(' ');
    const [round] = KEPT.rounds;
    const text = reportText({ ...KEPT, rounds: round ? [{ ...round, figures }] : [] });
    expect(
      Math.max(
        ...text
          .split('\n')
          .slice(2)
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
    expect(text.match(/figure/g)).toHaveLength(30);
  });
});
