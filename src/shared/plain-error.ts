/** An error whose message is meant for the person at the terminal: told without a stack. */
export class PlainError extends Error {}
