import { existsSync } from 'node:fs';
import { prove, ROUNDS, type Proof } from '../../src/prove/prove.js';
import { SUMS } from '../../src/prove/sums.queries.js';
import { souk } from '../support/program.js';

const LONGEST_MS = 120_000;
const SILENT = { note: () => undefined, begin: () => undefined, moved: () => undefined, end: () => undefined };

let proof: Proof;
beforeAll(async () => {
  // Builds what is not built yet, before two servers would do so at once.
  expect(await souk(['--version'], {}).end('SIGCONT')).toBe(0);
  const { signal } = new AbortController();
  proof = await prove({ seed: 1, short: true, rounds: ROUNDS, keep: false, progress: SILENT, signal });
}, LONGEST_MS);

describe('souk prove', () => {
  it.each([...ROUNDS.map(({ title }) => title), 'No deadlock, no fault'])(
    'keeps the promise of a round: %s',
    (title) => {
      expect(proof.report.rounds.find((round) => round.title === title)?.broken).toEqual([]);
    },
  );

  it.each(SUMS.map(({ title }) => title))('adds up: %s', (title) => {
    expect(proof.report.sums.find((sum) => sum.title === title)?.broken).toEqual([]);
  });

  it('says that all promises were kept, over orders that were placed', () => {
    const { kept, rounds, sums, figures, seed } = proof.report;
    expect({ kept, rounds: rounds.length, sums: sums.length, seed }).toEqual({
      kept: true,
      rounds: ROUNDS.length + 1,
      sums: SUMS.length,
      seed: 1,
    });
    expect(Number(/^(\d+) orders/.exec(figures)?.[1])).toBeGreaterThan(150);
    expect(proof.place).toBeNull();
  });

  it('has help that names each round, and refuses a round that there is not', async () => {
    const help = souk(['prove', '--help'], {});
    expect(await help.end('SIGCONT')).toBe(0);
    for (const { name } of ROUNDS) expect(help.output()).toMatch(new RegExp(`^  ${name} .+`, 'm'));
    const wrong = souk(['prove', '--rounds', 'units,luck'], {});
    expect(await wrong.end('SIGCONT')).toBe(1);
    expect(wrong.output()).toBe(
      `There is no round luck. The rounds are ${ROUNDS.map(({ name }) => name).join(', ')}.\n`,
    );
  });

  it('leaves nothing behind when it is stopped', async () => {
    const program = souk(['prove', '--short', '--rounds', 'kill-server'], {});
    const [, place = ''] = await program.prints(/The database is in (\S+)/);
    expect(existsSync(place)).toBe(true);
    expect(await program.end('SIGINT')).toBe(1);
    expect(program.output()).toContain('Stopped. Nothing is left behind.');
    expect(existsSync(place)).toBe(false);
  });
});
