import { join } from 'node:path';
import { query } from './cluster.ts';
import { askedOf } from './asked.ts';
import { answersOf, refuseDifference, type Answers } from './equality.ts';
import type { LoadRequest } from './load/load-run.ts';
import type { Peer, WireRequest } from './peers/peer.ts';
import { keepsAnswers } from './peers/souk.ts';
import { record, startStatic } from './peers/static.ts';
import { requestsOf } from './requests.ts';
import type { ServerProcess } from './server-process.ts';
import type { Stage } from './stage.ts';
import type { AnyAsked, Work } from './work.ts';

/** A server that takes part in a work, ready to be measured. */
export interface Contestant {
  name: string;
  title: string;
  /** `null` for one without a database. */
  peer: Peer | null;
  load: LoadRequest[];
  start: (databaseUrl: string) => Promise<ServerProcess>;
}

/** What the orders of a work have done to the shop; equal everywhere. */
const BOOKS = `SELECT (SELECT count(*) FROM orders) AS orders, (SELECT sum(total_minor) FROM orders) AS money,
  (SELECT count(*) FROM order_lines) AS lines, (SELECT sum(quantity) FROM order_lines) AS units, (SELECT count(*) FROM payments) AS payments,
  (SELECT sum(on_hand) FROM stock_levels) AS "onHand", (SELECT sum(delta) FROM stock_movements) AS ledger,
  (SELECT count(*) FROM stock_movements) AS movements`;

/** What the servers said first, to be compared with. */
type Said = Map<Work, { title: string; contents: unknown[] }>;

/** The contestants of each work. Each has answered all requests once, and the same as the others. @throws Error when one has not */
export async function prepared(stage: Stage): Promise<Map<Work, Contestant[]>> {
  const works = stage.choices.works.filter(({ kept }) => !kept || keepsAnswers(stage.program));
  const [first] = stage.all;
  const asked = first ? await askedOf(stage.urlOf(first), works) : new Map<Work, AnyAsked[]>();
  const said: Said = new Map();
  const contestants = new Map(works.map((work): [Work, Contestant[]] => [work, []]));
  for (const peer of stage.all) {
    const rehearsal = new Rehearsal(stage, peer);
    try {
      for (const work of works.filter(({ kept }) => !kept || peer.name === 'souk')) {
        stage.signal.throwIfAborted();
        console.error(`Comparing answers: ${work.name} of ${peer.title}`);
        const played = await rehearsal.play(work, asked.get(work) ?? []);
        refuseOther(work, peer.title, played.answers, said);
        contestants.get(work)?.push(...contestantsOf(stage, peer, work, played));
      }
    } finally {
      await rehearsal.end();
    }
  }
  return contestants;
}

interface Played {
  requests: WireRequest[];
  answers: Answers;
}

/** Lets one server answer. What only reads is answered by one process. */
class Rehearsal {
  private readonly stage: Stage;
  private readonly peer: Peer;
  private reader: ServerProcess | null = null;

  constructor(stage: Stage, peer: Peer) {
    this.stage = stage;
    this.peer = peer;
  }

  async play(work: Work, asked: readonly AnyAsked[]): Promise<Played> {
    if (work.writes) return this.playWrites(work, asked);
    if (work.kept) return this.playKept(work, asked);
    this.reader ??= await this.peer.start({ databaseUrl: this.stage.urlOf(this.peer), kept: false });
    return this.ask(work, this.reader, asked);
  }

  async end(): Promise<void> {
    await this.reader?.stop();
    this.reader = null;
  }

  private async playWrites(work: Work, asked: readonly AnyAsked[]): Promise<Played> {
    const { cluster } = this.stage;
    // What somebody is connected to cannot be copied.
    await this.end();
    const database = await cluster.copy(this.stage.databaseOf(this.peer));
    try {
      const played = await this.playAlone(work, cluster.urlOf(database), asked);
      played.answers.contents.push(...(await query(cluster.urlOf(database), BOOKS)));
      return played;
    } finally {
      await cluster.drop(database);
    }
  }

  private async playAlone(work: Work, databaseUrl: string, asked: readonly AnyAsked[]): Promise<Played> {
    const server = await this.peer.start({ databaseUrl, kept: false });
    try {
      return await this.ask(work, server, asked);
    } finally {
      await server.stop();
    }
  }

  /** What is kept must be what was made. */
  private async playKept(work: Work, asked: readonly AnyAsked[]): Promise<Played> {
    const server = await this.peer.start({ databaseUrl: this.stage.urlOf(this.peer), kept: true });
    try {
      const played = await this.ask(work, server, asked);
      const again = await this.ask(work, server, asked);
      const [made, kept] = [played, again].map(({ answers: { contents } }) => ({ title: this.peer.title, contents }));
      if (made && kept) refuseDifference(work, made, kept);
      return again;
    } finally {
      await server.stop();
    }
  }

  private async ask(work: Work, server: ServerProcess, asked: readonly AnyAsked[]): Promise<Played> {
    const { peer } = this;
    const requests = await requestsOf(peer, server, asked);
    return { requests, answers: await answersOf(work, { peer, server, requests }) };
  }
}

function refuseOther(work: Work, title: string, { contents }: Answers, said: Said): void {
  const other = said.get(work);
  if (other) refuseDifference(work, other, { title, contents });
  else said.set(work, { title, contents });
}

function contestantsOf(stage: Stage, peer: Peer, work: Work, { requests, answers }: Played): Contestant[] {
  const { name, title } = peer;
  const start = (databaseUrl: string): Promise<ServerProcess> => peer.start({ databaseUrl, kept: work.kept ?? false });
  const own = { name, title, peer, load: answers.load, start };
  return work.kept ? [own, staticContestant(stage, work, requests, answers)] : [own];
}

function staticContestant(
  stage: Stage,
  work: Work,
  requests: readonly WireRequest[],
  { raw, load }: Answers,
): Contestant {
  const file = join(stage.folder, `${work.name}.json`);
  record(file, requests, raw);
  return { name: 'static', title: 'static bytes', peer: null, load, start: () => startStatic(file) };
}
