import { Injectable } from '@nestjs/common';
import type { JobHandler } from './job-run.type.js';
import type { JobKind } from './job.type.js';

/** Where each room tells how its jobs are done. */
@Injectable()
export class JobHandlers {
  private readonly handlers = new Map<string, JobHandler>();

  register(kind: JobKind, handler: JobHandler): void {
    this.handlers.set(kind, handler);
  }

  /** Kinds that this server can do. A newer one beside it may know more. */
  get kinds(): string[] {
    return [...this.handlers.keys()];
  }

  /** @throws Error for a kind that nobody has registered */
  of(kind: string): JobHandler {
    const handler = this.handlers.get(kind);
    if (!handler) throw new Error(`Nobody does jobs of the kind ${kind}.`);
    return handler;
  }
}
