import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { familyCpuOf, familyOf, residentBytesOf } from '../usage.ts';

const READY_MS = 60_000;
const END_MS = 10_000;
const LISTENING = /http:\/\/[^:\s]+:(\d+)(\/\S*)?/;

// The server ends with this process, however that one went: then the kernel closes its standard input.
const LEASH = `data:text/javascript,process.stdin.on('error', () => {}).on('end', () => process.exit(1)).resume()`;

/** What to start: a program of Node that prints the address which it listens on. */
export interface Start {
  /** The program and its arguments. */
  program: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** A server under measurement. */
export class ServerProcess {
  private readonly child: ChildProcess;
  readonly port: number;
  /** Where GraphQL is answered, or the root. */
  readonly path: string;

  private constructor(child: ChildProcess, port: number, path: string) {
    this.child = child;
    this.port = port;
    this.path = path;
  }

  /** Resolves when it has printed its address. @throws Error with what else it has printed */
  static async start({ program, env, cwd }: Start): Promise<ServerProcess> {
    const child = spawn(process.execPath, ['--import', LEASH, ...program], { env, cwd, stdio: 'pipe' });
    let printed = '';
    child.stdin.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (printed = `${printed}${String(chunk)}`.slice(-20_000)));
    }
    const ended = once(child, 'exit').catch(() => undefined);
    const deadline = AbortSignal.timeout(READY_MS);
    for (;;) {
      const [, port, path = '/'] = LISTENING.exec(printed) ?? [];
      if (port !== undefined) return new ServerProcess(child, Number(port), path);
      await Promise.race([once(child.stdout, 'data', { signal: deadline }).catch(() => undefined), ended]);
      if (child.exitCode === null && child.signalCode === null && !deadline.aborted) continue;
      child.kill('SIGKILL');
      throw new Error(`${program.at(-1)} did not start: ${printed.trim()}`);
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** CPU seconds by now, of it and of the processes that it has started. */
  cpu(): number {
    return familyCpuOf(this.pid);
  }

  /** Memory in RAM, in bytes, of it and of the processes that it has started. */
  residentBytes(): number {
    return familyOf(this.pid).reduce((sum, pid) => sum + residentBytesOf(pid), 0);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    await gone;
    clearTimeout(timer);
  }
}
