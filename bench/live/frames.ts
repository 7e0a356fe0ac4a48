/** Kinds of frames. @see RFC 6455 section 5.2 */
export const TEXT = 1;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const NO_FRAGMENTS = 0x80;

/** Told of each frame: its payload is what lies between `start` and `end`, and only during the call. */
export type TakeFrame = (opcode: number, data: Buffer, start: number, end: number) => void;

/** A frame as clients must send it. It is masked with zeros, so the payload stays as it is. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const isShort = payload.length < LENGTH_16;
  const header = Buffer.alloc(isShort ? 6 : 8);
  header[0] = NO_FRAGMENTS | opcode;
  header[1] = MASKED | (isShort ? payload.length : LENGTH_16);
  if (!isShort) header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

/** Cuts what comes from a server into frames, without copying any that came whole. */
export class FrameReader {
  private rest: Buffer | null = null;

  /** @param chunk what has come; it may be written over after the call. @throws Error on fragments, which no server here sends */
  read(chunk: Buffer, take: TakeFrame): void {
    const data = this.rest ? Buffer.concat([this.rest, chunk]) : chunk;
    let offset = 0;
    for (;;) {
      const start = payloadStart(data, offset);
      if (start === null) break;
      const end = start + payloadLength(data, offset);
      if (end > data.length) break;
      const first = data[offset] ?? 0;
      if ((first & NO_FRAGMENTS) === 0) throw new Error('A server sent a message in fragments.');
      take(first & 0x0f, data, start, end);
      offset = end;
    }
    this.rest = offset === data.length ? null : Buffer.from(data.subarray(offset));
  }
}

/** Where the payload of the frame begins; `null` while its header is not there. */
function payloadStart(data: Buffer, offset: number): number | null {
  if (offset + 2 > data.length) return null;
  const length = data[offset + 1] ?? 0;
  const start = offset + (length === LENGTH_64 ? 10 : length === LENGTH_16 ? 4 : 2);
  return start > data.length ? null : start;
}

function payloadLength(data: Buffer, offset: number): number {
  const length = data[offset + 1] ?? 0;
  if (length === LENGTH_16) return data.readUInt16BE(offset + 2);
  if (length === LENGTH_64) return Number(data.readBigUInt64BE(offset + 2));
  return length;
}
