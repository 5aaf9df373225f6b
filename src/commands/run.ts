import { ConfigError } from '../config/environment.js'
import { RegistryRefusal } from '../services/integrations/registry.js'

/** Meant for the person at the terminal: told without a stack. */
export class UsageError extends Error {}

/** Prints what comes of a command, or why it can't be done, which makes the exit code 1. */
export async function run (command: () => Promise<string>): Promise<void> {
  try {
    process.stdout.write(await command())
  } catch (error) {
    const isPlain = [UsageError, ConfigError, RegistryRefusal].some(type => error instanceof type)
    if (!isPlain) throw error
    process.stderr.write(`${(error as Error).message}\n`)
    process.exitCode = 1
  }
}
