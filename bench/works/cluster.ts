import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { familyCpuOf, isRunning } from '../usage.ts';
import type { Program } from './program.ts';

const RUN_PREFIX = 'bench_run_';
const NOT_PERMITTED = '42501';
const DROP_ATTEMPTS = 50;
const DROP_PAUSE_MS = 200;
const RUN_NAME = /^bench_run_(\d+)_/;

/**
 * The PostgreSQL of the bench, started as the shop starts it. It keeps the data sets from run to run; databases of a run
 * are dropped with it, or, when it was killed, by the next one.
 */
export class Cluster {
  private readonly embedded: EmbeddedPostgres;
  private made = 0;

  private constructor(embedded: EmbeddedPostgres) {
    this.embedded = embedded;
  }

  static async start({ embedded }: Program, home: string): Promise<Cluster> {
    const cluster = new Cluster(await embedded.startEmbeddedPostgres({ home }));
    try {
      await cluster.dropForgotten();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Process id of the postmaster. */
  get pid(): number {
    const [pid = ''] = readFileSync(join(this.embedded.home, 'data', 'postmaster.pid'), 'utf8').split('\n', 1);
    return Number(pid);
  }

  /** CPU seconds by now, of all processes of PostgreSQL together. */
  cpu(): number {
    return familyCpuOf(this.pid);
  }

  urlOf(database: string): string {
    const url = new URL(this.embedded.url);
    url.pathname = `/${database}`;
    return url.href;
  }

  async names(): Promise<string[]> {
    const rows = await this.ask<{ datname: string }>('SELECT datname FROM pg_database');
    return rows.map(({ datname }) => datname);
  }

  async create(name: string): Promise<void> {
    await this.ask(`CREATE DATABASE ${name}`);
  }

  async rename(name: string, other: string): Promise<void> {
    await this.ask(`ALTER DATABASE ${name} RENAME TO ${other}`);
  }

  /** PostgreSQL's own worker, which sees to a database that was just written, may not be ended: it ends by itself. */
  async drop(name: string): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.ask(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        return;
      } catch (error) {
        if (attempt === DROP_ATTEMPTS || (error as pg.DatabaseError).code !== NOT_PERMITTED) throw error;
        await sleep(DROP_PAUSE_MS);
      }
    }
  }

  /** Makes a copy for this run, and answers its name. Nobody may be connected to what is copied. */
  async copy(template: string): Promise<string> {
    this.made += 1;
    const name = `${RUN_PREFIX}${process.pid}_${this.made}`;
    await this.ask(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
    return name;
  }

  /** Drops the copies of this run and leaves; the server ends when nobody else uses it. */
  async stop(): Promise<void> {
    try {
      for (let n = 1; n <= this.made; n += 1) await this.drop(`${RUN_PREFIX}${process.pid}_${n}`);
    } finally {
      await this.embedded.stop();
    }
  }

  private async dropForgotten(): Promise<void> {
    for (const name of await this.names()) {
      const [, pid] = RUN_NAME.exec(name) ?? [];
      if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid)))) await this.drop(name);
    }
  }

  private async ask<Row extends object>(sql: string): Promise<Row[]> {
    return query<Row>(this.embedded.url, sql);
  }
}

/** Sends one statement over a connection of its own. */
export async function query<Row extends object>(
  url: string,
  sql: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...params])).rows;
  } finally {
    await client.end();
  }
}
