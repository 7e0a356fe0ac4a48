import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Config } from '../config/config.js';
import { EventFeed } from '../events/event-feed.js';
import type { NewEvent } from '../events/event.js';
import { EventsService } from '../events/events.service.js';
import type { MadeFrom } from '../plans/made-from.js';
import { AnswerMetrics } from './answer-metrics.js';
import { Answer, AnswerStore } from './answer-store.js';
import { fromSent, type Drop } from './drop.js';
import { unmarked } from './marks.js';
import { Members } from './members.js';
import { Miss } from './miss.js';
import { Settling } from './settling.js';

const MEGABYTE = 1024 * 1024;

/** What an event means for answers. Must not throw for any event of its topic, however old. */
export type Translation = (event: NewEvent) => readonly Drop[];

/** How an answer that is not there is made. */
export interface Making {
  madeFrom: MadeFrom;
  forStaff: boolean;
  /** Answers the text of the data with its marks; `null` when the database did not give it. */
  read: () => Promise<string | null>;
}

/**
 * Keeps answers in memory until something that they were made from changes: told by the same log that feeds subscriptions,
 * and by the commits of this process before anybody is answered.
 */
@Injectable()
export class KeptAnswers implements OnModuleInit, OnApplicationShutdown {
  /** Whether answers are kept at all. */
  readonly isOn: boolean;
  private readonly logger = new Logger(KeptAnswers.name);
  private readonly store: AnswerStore;
  private readonly settling: Settling;
  private readonly translations = new Map<string, Translation>();
  private readonly misses = new Map<string, Miss>();
  private readonly underWay = new Set<Miss>();
  private isServing = false;

  constructor(
    { answersKeptMb, plannedQueries }: Config,
    private readonly events: EventsService,
    private readonly feed: EventFeed,
    private readonly members: Members,
    private readonly metrics: AnswerMetrics,
  ) {
    this.isOn = answersKeptMb > 0 && plannedQueries === 'on';
    this.store = new AnswerStore(Math.max(answersKeptMb, 1) * MEGABYTE);
    this.settling = new Settling(members);
    metrics.watch(this.store);
  }

  onModuleInit(): void {
    if (!this.isOn) return;
    this.events.onCommitted((events) => this.changed(events));
    this.feed.onEvents((events) => {
      this.drop(this.dropsOf(events));
      this.members.reached();
    });
    this.feed.onBreak(() => {
      this.members.forget();
      this.drop(null);
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.isServing) await this.members.stop();
  }

  /** Begins to give kept answers, and to be waited for by other processes. For servers: what only works on the shop keeps none. */
  serve(): void {
    if (!this.isOn || this.isServing) return;
    this.isServing = true;
    this.members.start((drops) => this.drop(drops && drops.map(fromSent)));
  }

  /** Says what the events of a topic mean for answers; of other topics no answer is made that is kept. */
  translate(topic: string, translation: Translation): void {
    this.translations.set(topic, translation);
  }

  /** Whole seconds for which a kept answer may have been out of date without this process knowing; nearly always 0. */
  get age(): number {
    return Math.max(Math.floor(this.members.silence / 1_000), 0);
  }

  /** The answer that is kept under a key, or is being made; `null` when it has to be made. */
  find(key: string): Answer | Promise<Answer | null> | null {
    if (!this.isOn || !this.members.isInformed) return null;
    const kept = this.store.get(key);
    if (kept) {
      this.metrics.hits += 1;
      return kept;
    }
    const miss = this.misses.get(key);
    if (!miss || miss.mayBeOld) return null;
    this.metrics.joined += 1;
    return miss.answer;
  }

  /** Makes an answer and keeps it, unless something that it was made from has changed meanwhile. */
  make(key: string, making: Making): Promise<Answer | null> {
    this.metrics.misses += 1;
    const miss = new Miss(making.madeFrom, making.forStaff, (self) => this.run(key, self, making));
    this.misses.set(key, miss);
    this.underWay.add(miss);
    return miss.answer;
  }

  /** Resolves when no process of the deployment gives an answer from before the changes that this one has committed so far. */
  settled(): Promise<void> {
    return this.settling.settled();
  }

  private async run(key: string, miss: Miss, { madeFrom, forStaff, read }: Making): Promise<Answer | null> {
    try {
      const marked = await read();
      if (marked === null) return null;
      const { text, things: named } = unmarked(marked);
      const answer = Answer.of(text);
      const things = madeFrom.all(named);
      if (!miss.isOld(things)) this.store.put(key, answer, { things, forStaff });
      return answer;
    } finally {
      this.underWay.delete(miss);
      if (this.misses.get(key) === miss) this.misses.delete(key);
    }
  }

  private changed(events: readonly NewEvent[]): void {
    const drops = this.dropsOf(events);
    if (drops.length === 0) return;
    this.drop(drops);
    if (this.isServing) this.settling.note(drops);
  }

  private dropsOf(events: readonly NewEvent[]): Drop[] {
    return events.flatMap((event) => this.translations.get(event.topic)?.(event) ?? []);
  }

  private drop(drops: readonly Drop[] | null): void {
    if (drops?.length === 0) return;
    for (const miss of this.underWay) miss.note(drops);
    if (drops) this.metrics.dropped += this.store.drop(drops);
    else {
      this.logger.debug('All kept answers are dropped.');
      this.metrics.dropped += this.store.count;
      this.store.clear();
    }
  }
}
