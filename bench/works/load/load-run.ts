/** What the process of the load is asked for. */
export interface LoadRun {
  /** Of the server. */
  port: number;
  /** Parallel clients, each of which waits for its answer. */
  connections: number;
  /** How long, and how many requests at least: a slow server is given up to five times as long. */
  seconds: number;
  atLeast: number;
  /** Processes whose use is told, with all that they have started. */
  pids: { server: number; database: number };
}

/** A request that is sent again and again, and what is known of its answer. */
export interface LoadRequest {
  /** What is sent, as base64. */
  bytes: string;
  /** Length of the body, or a text that is in it. */
  expected: number | string;
}

/** What came of a run. */
export interface LoadResult {
  requests: number;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** CPU seconds, of the server, of PostgreSQL, and of the load itself. */
  serverCpu: number;
  databaseCpu: number;
  loadCpu: number;
}

/** What goes to the process of the load. */
export type LoadOrder = { requests: LoadRequest[] } | { run: LoadRun };

/** What comes back, to a run alone. */
export type LoadReply = { result: LoadResult } | { failure: string };
