// @ts-expect-error -- the library exports it, its types leave it out
import { Receiver } from 'ws';
import { textFrame } from './text-frame.js';

/** What a WebSocket client makes of bytes from a server. */
async function received(bytes: Buffer, cutAt = bytes.length): Promise<string[]> {
  const receiver = new Receiver({ isServer: false });
  const messages: string[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push(isBinary ? 'binary' : data.toString()));
  await new Promise<void>((resolve, reject) => {
    receiver.on('error', reject);
    receiver.write(bytes.subarray(0, cutAt));
    receiver.end(bytes.subarray(cutAt), () => resolve());
  });
  return messages;
}

const text = (length: number): string => 'x'.repeat(length);
const frameOf = (head: string, tail: string): Buffer => textFrame(Buffer.from(head), Buffer.from(tail));

describe('textFrame', () => {
  it('writes the length in one byte, in three or in nine', () => {
    const heads = [
      [0, '8100'],
      [1, '8101'],
      [125, '817d'],
      [126, '817e007e'],
      [65_535, '817effff'],
      [65_536, '817f0000000000010000'],
      [70_000, '817f0000000000011170'],
    ] as const;
    for (const [length, head] of heads) {
      const frame = frameOf(text(length), '');
      expect(frame.subarray(0, head.length / 2).toString('hex')).toBe(head);
      expect(frame.subarray(head.length / 2).toString()).toBe(text(length));
    }
  });

  it('is one text message for a client, in whatever pieces it comes', async () => {
    for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
      const frame = frameOf(text(length), '');
      expect(await received(frame)).toEqual([text(length)]);
      expect(await received(frame, 1)).toEqual([text(length)]);
    }
  });

  it('puts both parts together, wherever they meet, and counts bytes and not characters', async () => {
    for (const [head, tail] of [
      ['{"a":1,', '"id":"1"}'],
      ['', 'tail'],
      [text(125), 'y'],
      [text(65_530), text(6)],
      ['é€😀', '"ü"'],
    ] as const) {
      expect(await received(frameOf(head, tail))).toEqual([head + tail]);
    }
  });

  it('ends where the next one begins', async () => {
    const frames = Buffer.concat([frameOf('one', ''), frameOf('', ''), frameOf(text(300), '!')]);
    expect(await received(frames)).toEqual(['one', '', `${text(300)}!`]);
  });
});
