import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { networkOf } from '../access/client-network.js';
import { LiveMetrics } from '../live/live-metrics.js';

/** Counts open WebSockets and event streams: in all, per network and per account. */
@Injectable()
export class Connections {
  private readonly perAddress = new Map<string, number>();
  private readonly perUser = new Map<string, number>();
  private open = 0;

  constructor(
    private readonly config: Config,
    private readonly metrics: LiveMetrics,
  ) {}

  /** Why one more may not be opened from an address, `null` when it may. */
  refusalFrom(address: string): string | null {
    if (this.open >= this.config.sockets) return 'The server has too many connections';
    const here = this.perAddress.get(networkOf(address)) ?? 0;
    return here >= this.config.socketsPerAddress ? 'Too many connections from here' : null;
  }

  /** Why one more may not belong to an account, `null` when it may. */
  refusalOf(userId: string): string | null {
    const theirs = this.perUser.get(userId) ?? 0;
    return theirs >= this.config.socketsPerUser ? 'Too many connections of this account' : null;
  }

  /** Counts an opened one. Answers what to call when it is closed. */
  opened(address: string): () => void {
    this.open += 1;
    this.metrics.connections += 1;
    const closed = countIn(this.perAddress, networkOf(address));
    return () => {
      this.open -= 1;
      this.metrics.connections -= 1;
      closed();
    };
  }

  /** Counts a closed WebSocket by its close code. */
  closedWith(code: number): void {
    this.metrics.closed(code);
  }

  /** Counts an open one for an account. Answers what to call when it is closed. */
  signedIn(userId: string): () => void {
    return countIn(this.perUser, userId);
  }
}

function countIn(counts: Map<string, number>, name: string): () => void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return () => {
    const left = (counts.get(name) ?? 1) - 1;
    if (left > 0) counts.set(name, left);
    else counts.delete(name);
  };
}
