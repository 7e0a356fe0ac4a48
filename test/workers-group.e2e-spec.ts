import cluster from 'node:cluster';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../src/embedded/process.js';
import { WorkerGroup } from '../src/workers/worker-group.js';
import { placeVariable, type WorkerPlace } from '../src/workers/worker-messages.js';
import { WorkerEnded } from '../src/workers/worker-process.js';
import { until } from './support/live.js';

interface Report {
  port: number;
  pid: number;
  place: WorkerPlace;
}

/** Processes that were started, in their order. */
const born: { number: number; prepares: boolean }[] = [];
const lines: string[] = [];
let isBroken = false;
let group: WorkerGroup<Report>;
let report: Report;

function makeGroup(size: number): WorkerGroup<Report> {
  cluster.setupPrimary({
    exec: join(import.meta.dirname, 'support', 'small-worker.ts'),
    execArgv: ['--no-warnings'],
  });
  const note = (line: string): void => void lines.push(line);
  return new WorkerGroup<Report>({
    fork: (number, prepares) => {
      born.push({ number, prepares });
      return cluster.fork({ ...placeVariable({ number, prepares, counterKey: '' }), BROKEN: isBroken ? '1' : '0' });
    },
    sizeBy: () => size,
    log: { log: note, warn: note },
  });
}

beforeEach(async () => {
  [born.length, lines.length, isBroken] = [0, 0, false];
  group = makeGroup(2);
  report = await group.open();
});

afterEach(() => group.close());

/** Who answers: a process id. @throws when the request fails */
function ask(agent?: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port: report.port, agent: agent ?? false }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve(Number(text)));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** The processes that answer now, in order of their ids. */
async function answering(): Promise<number[]> {
  const asked = await Promise.all(Array.from({ length: 8 }, () => ask()));
  return [...new Set(asked)].toSorted((a, b) => a - b);
}

const pidsOf = (text: RegExp): number[] => lines.flatMap((line) => Number(text.exec(line)?.[1] ?? [])).filter(Boolean);

describe('a group of workers', () => {
  it('starts the first one alone, which prepares, and serves on one port with all', async () => {
    expect(born).toEqual([
      { number: 1, prepares: true },
      { number: 2, prepares: false },
    ]);
    expect(report.place).toEqual({ number: 1, prepares: true, counterKey: '' });
    const pids = await answering();
    expect(pids).toHaveLength(2);
    expect(pids).toContain(report.pid);
    await group.close();
    expect(pids.filter(isRunning)).toEqual([]);
  });

  it('replaces all one by one without a failed request, with and without kept connections', async () => {
    const before = await answering();
    const keep = new Agent({ keepAlive: true, maxSockets: 4 });
    const load = { isDone: false };
    let answers = 0;
    const failures: unknown[] = [];
    const client = async (agent?: Agent): Promise<void> => {
      while (!load.isDone)
        await ask(agent).then(
          () => (answers += 1),
          (error: unknown) => failures.push(error),
        );
    };
    const clients = [client(keep), client(keep), client(keep), client(), client(), client()];
    for (let n = 0; n < 3; n += 1) await group.restart();
    load.isDone = true;
    await Promise.all(clients);
    keep.destroy();
    expect(failures).toEqual([]);
    expect(answers).toBeGreaterThan(50);
    expect(born.map(({ number }) => number)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    expect(born.filter(({ prepares }) => prepares)).toHaveLength(1);
    const after = await answering();
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(before.filter(isRunning)).toEqual([]);
  });

  it('does not wait for streams when it replaces', async () => {
    const open = new Promise<void>((resolve) => {
      const request = get(
        { port: report.port, host: '127.0.0.1', headers: { accept: 'text/event-stream' } },
        (stream) => {
          stream.once('data', () => resolve());
          stream.on('error', () => undefined);
        },
      );
      request.on('error', () => undefined);
    });
    await open;
    const before = await answering();
    await group.restart();
    expect(before.filter(isRunning)).toEqual([]);
  });

  it('fills the place of one that was killed, and tells', async () => {
    const [victim = 0, other = 0] = await answering();
    process.kill(victim, 'SIGKILL');
    await until('another one is open', () => born.length === 3 && lines.at(-1)?.includes('is open') === true);
    const now = await answering();
    expect(now).toHaveLength(2);
    expect(now).toContain(other);
    expect(lines.slice(2)).toEqual([
      expect.stringMatching(
        new RegExp(`^Worker \\d \\(pid ${victim}\\) has ended \\(SIGKILL\\)\\. Another one is started in 0.25 s\\.$`),
      ),
      expect.stringMatching(/^Worker \d \(pid \d+\) is open\.$/),
    ]);
  });

  it('leaves no client waiting whose connection was on its way to one that is killed', async () => {
    const pids = await answering();
    // Who is stopped takes nothing, and the primary gives each of them one connection.
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    const asked = Promise.allSettled([ask(), ask()]);
    await sleep(50);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect((await asked).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('starts those who end at once more and more slowly', async () => {
    isBroken = true;
    const [victim = 0] = await answering();
    process.kill(victim, 'SIGKILL');
    await until('it was tried twice', () => pidsOf(/started in (\S+) s/).length === 3);
    expect(pidsOf(/started in (\S+) s/)).toEqual([0.25, 0.5, 1]);
    isBroken = false;
    expect(await answering()).toHaveLength(1);
  });

  it('gives a restart up when the new one does not open; those that run go on', async () => {
    const before = await answering();
    isBroken = true;
    await group.restart();
    expect(await answering()).toEqual(before);
    expect(born).toHaveLength(3);
    expect(lines.at(-1)).toBe('Worker 1 has ended (3) before it was open. The restart is given up, the others go on.');
    isBroken = false;
    await group.restart();
    expect((await answering()).filter((pid) => before.includes(pid))).toEqual([]);
  });

  it('says how the first one has ended when it does not open, and leaves nobody behind', async () => {
    isBroken = true;
    const broken = makeGroup(2);
    const count = born.length;
    await expect(broken.open()).rejects.toEqual(new WorkerEnded(1, 3));
    await broken.close();
    expect(born).toHaveLength(count + 1);
    await sleep(0);
  });
});
