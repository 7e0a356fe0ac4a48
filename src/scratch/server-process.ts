import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntil } from './waiting.js';

const LAUNCHER = fileURLToPath(new URL('../../bin/souk.js', import.meta.url));
const READY_MS = 60_000;
const LINES_KEPT = 400;
const LISTENING = /^ *GraphQL +http:\/\/[^:]+:(\d+)(\/\S*)$/m;

// The server ends with whoever started it, however that one went: then the kernel closes its standard input.
const LEASH = `data:text/javascript,process.stdin.on('error', () => {}).on('end', () => process.exit(1)).resume()`;

/** One server of the shop: a process of its own, started as a person would start it, that can be killed and started again. */
export class ServerProcess {
  private child: ChildProcess | null = null;
  private address: string | null = null;
  private lines: string[] = [];

  /** @param env all that the process knows; @param folder where it works */
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly folder: string,
  ) {}

  /** Where it answers; `null` while it does not run. */
  get url(): string | null {
    return this.address;
  }

  /** Id of the process; `null` while it does not run. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** What it has printed to standard error, over all its lives: the newest 400 lines. */
  get log(): readonly string[] {
    return this.lines;
  }

  /** Starts it on a free port of 127.0.0.1 and resolves when it answers. @throws Error with what it has printed */
  async start(signal: AbortSignal): Promise<void> {
    const args = ['--import', LEASH, LAUNCHER, 'start'];
    const child = spawn(process.execPath, args, { cwd: this.folder, env: this.env, stdio: 'pipe', windowsHide: true });
    this.child = child;
    let printed = '';
    child.on('error', (error) => (printed += error.message));
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => (printed += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => this.note(String(chunk)));
    const isOver = (): boolean => child.pid === undefined || hasEnded(child);
    const isReady = (): boolean => LISTENING.test(printed) || isOver() || this.child !== child;
    await waitUntil(isReady, { what: 'a server answered', timeoutMs: READY_MS, signal });
    // Killed while it was starting.
    if (this.child !== child) return;
    const [, port, path] = LISTENING.exec(printed) ?? [];
    if (port === undefined || isOver()) {
      throw new Error(`A server did not start: ${[printed, ...this.lines.slice(-10)].join('\n').trim()}`);
    }
    this.address = `http://127.0.0.1:${port}${path}`;
  }

  /** Kills it (SIGKILL) and resolves when it is gone. Nothing happens when it does not run. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    this.address = null;
    if (!child || child.pid === undefined || hasEnded(child)) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  private note(text: string): void {
    this.lines = [...this.lines, ...text.split('\n').filter(Boolean)].slice(-LINES_KEPT);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
