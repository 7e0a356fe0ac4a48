/** A file that cannot be imported or written at all. The message is for the person at the terminal. */
export class ImportError extends Error {}

/** One row that cannot be used. The message is the reason, beginning with the column. */
export class BadRow extends Error {}
