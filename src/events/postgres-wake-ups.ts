import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { OwnConnection } from '../database/own-connection.js';
import { WakeUps, type WakeUp } from './wake-ups.js';
import { WorkLoop } from './work-loop.js';

const CHANNEL = 'souk_events';
const RETRY_MS = 1_000;

/** Wakes by NOTIFY on a connection of its own, outside of every business transaction: inside, commits would queue for it. */
@Injectable()
export class PostgresWakeUps extends WakeUps implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly loop = new WorkLoop(() => this.connect(), RETRY_MS);
  private connection: OwnConnection | null = null;

  constructor(private readonly database: Database) {
    super();
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.connection?.close();
  }

  protected async send(what: WakeUp): Promise<void> {
    const { connection } = this;
    try {
      await connection?.query('events.notify', `SELECT pg_notify('${CHANNEL}', $1)`, [what]);
    } catch {
      // Nobody is woken; the poll of the others finds it. The next connection may be a better one.
      await connection?.close();
    }
  }

  private async connect(): Promise<void> {
    if (this.connection) return;
    try {
      this.connection = await this.listener();
    } catch {
      // Tried again in a second.
    }
  }

  private async listener(): Promise<OwnConnection> {
    const connection = await this.database.connect({ name: `souk wake-ups ${process.pid}`, forgetful: true });
    try {
      void connection.lost.then(() => (this.connection = null));
      await connection.listen(CHANNEL, (payload) => this.received(payload));
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}
