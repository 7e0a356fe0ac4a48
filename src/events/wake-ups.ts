import { setTimeout as sleep } from 'node:timers/promises';

/** Between two that are sent: what comes meanwhile is one. */
const SPACING_MS = 5;

/** What another process may have to look at: the outbox (for the sequencer) or the log (for everybody). */
export type WakeUp = 'outbox' | 'log';

/**
 * Wakes the other processes of the deployment. Only a hint that saves waiting for the next poll: it carries nothing, may
 * be lost, doubled or late, and never fails for the one who sends it.
 */
export abstract class WakeUps {
  private readonly listeners = new Map<WakeUp, () => void>();
  private readonly due = new Set<WakeUp>();
  private sending = false;

  /** Calls the listener, one for each kind, when another process says so. */
  on(what: WakeUp, listener: () => void): void {
    this.listeners.set(what, listener);
  }

  /** Tells the other processes. Returns at once; what comes while one is on its way is sent as one. */
  tell(what: WakeUp): void {
    this.due.add(what);
    if (!this.sending) void this.sendDue();
  }

  protected abstract send(what: WakeUp): Promise<void>;

  protected received(what: string): void {
    this.listeners.get(what as WakeUp)?.();
  }

  private async sendDue(): Promise<void> {
    this.sending = true;
    for (const what of this.due) {
      this.due.delete(what);
      await this.send(what);
      await sleep(SPACING_MS);
    }
    this.sending = false;
  }
}
