import { setTimeout as sleep } from 'node:timers/promises';
import { Crowd } from './crowd.ts';
import type { Gate } from './gate.ts';
import { LiveShop, type LiveTraits } from './live-shop.ts';
import { ProgramCopy, type Edit, type Program } from '../program-copy.ts';
import { Writer } from './writer.ts';

/** One measurement, or several that need the same surroundings. */
export interface Scenario {
  /** What it is called on the command line. */
  name: string;
  title: string;
  run(stage: Stage): Promise<Gate[]>;
}

/** What a scenario plays on. Whatever it starts is ended with it. */
export class Stage {
  readonly signal: AbortSignal;
  private readonly short: boolean;
  private readonly program: Program;
  private readonly closers: (() => void | Promise<void>)[] = [];

  constructor(program: Program, options: { short: boolean; signal: AbortSignal }) {
    this.program = program;
    this.short = options.short;
    this.signal = options.signal;
  }

  /** How many: the first, or the second in a short run. */
  size(full: number, short: number): number {
    return this.short ? short : full;
  }

  /** A shop on a database of its own. */
  shop(traits: LiveTraits = {}): Promise<LiveShop> {
    return this.open(this.program, traits);
  }

  /** A shop whose program has been changed. */
  async changedShop(edits: readonly Edit[], traits: LiveTraits = {}): Promise<LiveShop> {
    const copy = new ProgramCopy(edits);
    this.closers.push(() => copy.remove());
    return this.open(await copy.load(), traits);
  }

  /** A process of subscribers, with nobody in it yet. */
  crowd(): Crowd {
    const crowd = new Crowd(this.signal);
    this.closers.push(() => crowd.close());
    return crowd;
  }

  /** Who changes products of the shop. */
  writer(shop: LiveShop): Writer {
    const writer = new Writer(shop, this.signal);
    this.closers.push(() => writer.stop().catch(() => undefined));
    return writer;
  }

  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.signal });
  }

  /** One line worth knowing. */
  note(text: string): void {
    console.error(`    ${text}`);
  }

  /** Ends everything, the last thing first. */
  async close(): Promise<void> {
    for (const close of this.closers.toReversed()) await close();
  }

  private async open(program: Program, traits: LiveTraits): Promise<LiveShop> {
    const shop = await LiveShop.open(program, traits, this.signal);
    this.closers.push(() => shop.close());
    return shop;
  }
}
