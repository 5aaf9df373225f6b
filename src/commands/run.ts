import { PlainError } from '../shared/plain-error.js'

/** A command isn't used as it should be. */
export class UsageError extends PlainError {}

/** Prints what comes of a command, or why it can't be done, which makes the exit code 1. */
export async function run (command: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await command())
  } catch (error) {
    if (!(error instanceof PlainError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
