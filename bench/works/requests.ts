import { bytesOf, Lane } from './load/lane.ts';
import type { Peer, WireRequest } from './peers/peer.ts';
import type { ServerProcess } from './server-process.ts';
import type { AnyAsked, Kind } from './work.ts';

/** Things on a page, of each kind. */
const FIRST: Readonly<Record<Kind, number>> = {
  productPage: 1,
  categoryList: 20,
  deepList: 100,
  skippedList: 100,
  search: 20,
  myOrders: 10,
  order: 1,
  branch: 20,
};
const LONGEST_PAGE = 100;

/** The requests of a work as one server wants them. Cursors are fetched here, before anything is measured. */
export async function requestsOf(peer: Peer, server: ServerProcess, all: readonly AnyAsked[]): Promise<WireRequest[]> {
  const lane = await Lane.open(server.port);
  const cursors = new Cursors(peer, server, lane);
  try {
    const requests: WireRequest[] = [];
    for (const one of all) {
      requests.push(peer.requestOf(server, one, { cursor: await cursors.of(one), first: FIRST[one.kind] }));
    }
    return requests;
  } finally {
    lane.close();
  }
}

/** Finds cursors of positions in a list by going through it, from the last position that is known. */
class Cursors {
  private readonly known = new Map<string, { position: number; cursor: string }[]>();
  private readonly peer: Peer;
  private readonly server: ServerProcess;
  private readonly lane: Lane;

  constructor(peer: Peer, server: ServerProcess, lane: Lane) {
    this.peer = peer;
    this.server = server;
    this.lane = lane;
  }

  /** The cursor behind which the page begins; `null` for the first page, and for lists without. */
  async of(any: AnyAsked): Promise<string | null> {
    if (any.kind !== 'categoryList' && any.kind !== 'deepList') return null;
    const list = any.kind === 'categoryList' ? any.asked.categoryId : '';
    const known = this.known.get(list) ?? [];
    this.known.set(list, known);
    let [at, cursor]: [number, string | null] = [0, null];
    for (const place of known) {
      if (place.position <= any.asked.position && place.position > at) [at, cursor] = [place.position, place.cursor];
    }
    while (at < any.asked.position) {
      const first = Math.min(LONGEST_PAGE, any.asked.position - at);
      const answer = await this.lane.ask(bytesOf(this.peer.requestOf(this.server, any, { cursor, first })));
      cursor = this.peer.endCursorOf(JSON.parse(answer.body.toString()));
      if (cursor === null)
        throw new Error(`${this.peer.title}: ${any.kind} ends before position ${any.asked.position}.`);
      at += first;
      known.push({ position: at, cursor });
    }
    return cursor;
  }
}
