/** A file that cannot be imported or written at all. The message is for the person at the terminal. */
export class ImportError extends Error {}

/** One row that cannot be used. The message is the reason, beginning with the column. */
export class BadRow extends Error {
  constructor(reason: string) {
    // Nobody looks at the stack, which costs more than the rest of the row, and a file may have a million bad rows.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(reason);
    Error.stackTraceLimit = stackTraceLimit;
  }
}
