import { hash } from 'node:crypto';

const FIRST_CAPACITY = 1_024;

/**
 * Remembers in which line a key was seen first, in 24 bytes or so a key and outside of the heap, however long the keys are.
 * Keys are told apart by 64 bits of their hash: two of a million differ and look the same once in forty million files.
 */
export class SeenLines {
  private hashes = new BigUint64Array(FIRST_CAPACITY);
  private lines = new Uint32Array(FIRST_CAPACITY);
  private size = 0;

  /** Answers the line in which the key was seen before, or remembers this one and answers `null`. */
  firstLine(key: string, line: number): number | null {
    const print = fingerprint(key);
    const slot = this.slotOf(print);
    const known = this.lines[slot];
    if (known) return known;
    this.hashes[slot] = print;
    this.lines[slot] = line;
    this.size += 1;
    if (this.size * 2 > this.lines.length) this.grow();
    return null;
  }

  /** The line in which the key was seen first, or `null`. Remembers nothing. */
  lineOf(key: string): number | null {
    return this.lines[this.slotOf(fingerprint(key))] || null;
  }

  /** Where the hash is, or where it belongs. Lines count from 1, so 0 marks a free slot. */
  private slotOf(print: bigint): number {
    const mask = this.lines.length - 1;
    let slot = Number(print & BigInt(mask));
    while (this.lines[slot] !== 0 && this.hashes[slot] !== print) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { hashes, lines } = this;
    this.hashes = new BigUint64Array(lines.length * 2);
    this.lines = new Uint32Array(lines.length * 2);
    lines.forEach((line, index) => {
      if (line === 0) return;
      const print = hashes[index] ?? 0n;
      const slot = this.slotOf(print);
      this.hashes[slot] = print;
      this.lines[slot] = line;
    });
  }
}

function fingerprint(key: string): bigint {
  return hash('sha1', key, 'buffer').readBigUInt64LE();
}
