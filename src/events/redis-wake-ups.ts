import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { WakeUps, type WakeUp } from './wake-ups.js';

const CHANNEL = 'souk:events';
const LONGEST_RETRY_MS = 2_000;

/** Wakes through Redis, where there is one. PostgreSQL stays the truth: without Redis events come with the next poll. */
@Injectable()
export class RedisWakeUps extends WakeUps implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RedisWakeUps.name);
  private readonly publisher: Redis;
  private readonly subscriber: Redis;

  constructor(url: string) {
    super();
    const options = {
      lazyConnect: true,
      // What cannot be sent now is of no use later.
      enableOfflineQueue: false,
      autoResubscribe: false,
      connectTimeout: 5_000,
      commandTimeout: 1_000,
      retryStrategy: (tries: number) => Math.min(100 * tries, LONGEST_RETRY_MS),
    };
    this.publisher = new Redis(url, options);
    this.subscriber = new Redis(url, options);
    for (const client of [this.publisher, this.subscriber]) {
      client.on('error', (error: Error) => this.logger.debug(`Redis: ${error.message}`));
    }
    this.subscriber.on('message', (_channel: string, what: string) => this.received(what));
    this.subscriber.on('ready', () => void this.subscriber.subscribe(CHANNEL).catch(() => undefined));
  }

  onApplicationBootstrap(): void {
    for (const client of [this.publisher, this.subscriber]) {
      // It tries again by itself.
      client.connect().catch(() => this.logger.warn('Redis does not answer; until it does, events are polled.'));
    }
  }

  onApplicationShutdown(): void {
    this.publisher.disconnect();
    this.subscriber.disconnect();
  }

  protected async send(what: WakeUp): Promise<void> {
    await this.publisher.publish(CHANNEL, what).catch(() => undefined);
  }
}
