/** Something the person at the terminal has to know and can act on: shown without a stack, exit code 1. */
export class CommandError extends Error {}
