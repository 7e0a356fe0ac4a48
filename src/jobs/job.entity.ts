import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { JobProblem } from './job.type.js';

/** One row of `jobs`: work that is done behind a request. */
@Entity('jobs')
export class JobEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column('text')
  kind: string;

  @Column('text')
  state: string;

  @Column('integer')
  done: number;

  @Column('integer')
  total: number;

  @Column('text', { nullable: true })
  failure: string | null;

  @Column('jsonb')
  problems: JobProblem[];

  @Column('jsonb', { nullable: true })
  result: object | null;

  @Column('jsonb', { nullable: true })
  input: object | null;

  @Column('jsonb', { nullable: true })
  checkpoint: object | null;

  @Column('integer')
  run: number;

  @Column('integer')
  attempts: number;

  @Column('timestamptz', { name: 'due_at', nullable: true })
  dueAt: Date | null;

  @Column('uuid', { name: 'created_by', nullable: true })
  createdById: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'started_at', nullable: true })
  startedAt: Date | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  @Column('integer')
  version: number;
}
