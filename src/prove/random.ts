import { createHash } from 'node:crypto';

/** Random numbers that come again with the same seed and the same name, whatever else was drawn. */
export class Random {
  private state: number;

  constructor(
    private readonly seed: number,
    private readonly name: string,
  ) {
    // A state of 0 would stay 0.
    this.state = createHash('sha256').update(`${seed} ${name}`).digest().readUInt32LE() || 1;
  }

  /** Numbers of their own, for one of many who draw in an order that nobody knows. */
  branch(name: string): Random {
    return new Random(this.seed, `${this.name} ${name}`);
  }

  /** From 0 up to 1, which never comes. */
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }

  /** A whole number, both bounds inclusive. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** One of the items. @throws Error when there is none */
  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}
