import type { ChildProcess } from 'node:child_process';

/** A share in a running server: it lives at least as long as somebody has one. */
export interface Share {
  /** Gives a sign of life; false when nobody guards the server any more, so it is gone or going. */
  isGuarded(): boolean;
  release(): void;
}

/** A server that was just started: our share in it, and its watchdog, which ends when the server does. */
export interface StartedServer {
  share: Share;
  watchdog: ChildProcess;
}
