import { isDeepStrictEqual } from 'node:util';
import type { LoadRequest } from './load/load-run.ts';
import { bytesOf, Lane, type WireAnswer } from './load/lane.ts';
import type { Peer, WireRequest } from './peers/peer.ts';
import type { ServerProcess } from './server-process.ts';
import type { Work } from './work.ts';

/** What is in the answer to an order that was placed. */
const PLACED = 'PENDING_PAYMENT';

/** All answers of a server to the requests of a work, one after the other. */
export interface Answers {
  /** In the form of all servers. */
  contents: unknown[];
  raw: WireAnswer[];
  /** The requests with what shows that an answer is right. */
  load: LoadRequest[];
}

/** @throws Error when an answer is an error */
export async function answersOf(
  work: Work,
  { peer, server, requests }: { peer: Peer; server: ServerProcess; requests: readonly WireRequest[] },
): Promise<Answers> {
  const lane = await Lane.open(server.port);
  const answers: Answers = { contents: [], raw: [], load: [] };
  try {
    for (const request of requests) {
      const bytes = bytesOf(request);
      const answer = await lane.ask(bytes);
      if (answer.status !== 200)
        throw new Error(`${peer.title}: ${work.name} is answered by ${answer.status} ${answer.body.toString()}`);
      answers.contents.push(peer.contentOf(work.kind, JSON.parse(answer.body.toString())));
      answers.raw.push(answer);
      answers.load.push({ bytes: bytes.toString('base64'), expected: work.writes ? PLACED : answer.body.length });
    }
    return answers;
  } finally {
    lane.close();
  }
}

/** @throws Error with the first difference */
export function refuseDifference(
  work: Work,
  one: { title: string; contents: unknown[] },
  other: { title: string; contents: unknown[] },
): void {
  for (const [index, content] of one.contents.entries()) {
    if (isDeepStrictEqual(content, other.contents[index])) continue;
    const difference = differenceOf(content, other.contents[index]);
    throw new Error(
      `${work.name}, request ${index + 1}: ${one.title} and ${other.title} do not say the same. ${difference}`,
    );
  }
}

function differenceOf(one: unknown, other: unknown, path = ''): string | null {
  if (isDeepStrictEqual(one, other)) return null;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return `At ${path || 'the root'}: ${JSON.stringify(one)} and ${JSON.stringify(other)}.`;
  }
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const found = differenceOf(
      (one as Record<string, unknown>)[key],
      (other as Record<string, unknown>)[key],
      `${path}.${key}`,
    );
    if (found !== null) return found;
  }
  return null;
}
