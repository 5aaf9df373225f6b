import { parseArgs } from 'node:util'
import { UsageError } from './run.js'

/** How the command is used. */
export const usage = `Figures of analytics, in the table of this configuration.

Usage: npm run stats -- <command>

  rebuild [--units <n>]   counts everything anew from the conversations, while the servers run
  status                  which figures are shown, and whether others are being built

  --units   how many request units it takes in a second at most (1000)
  --help    this text
`

/** What is asked for. */
export type StatsCommand = { command: 'rebuild', unitsPerSecond: number } | { command: 'status' }

/** @returns what a command line asks for, or nothing where only the usage is to be shown @throws UsageError */
export function parseCommand (args: string[]): StatsCommand | undefined {
  const { values: { help, units }, positionals: [command, ...rest] } = parseArguments(args)
  if (help) return undefined
  if (command !== 'rebuild' && command !== 'status') throw new UsageError(`One of the commands is needed\n\n${usage}`)
  if (rest.length > 0) throw new UsageError(`${command} takes nothing more\n\n${usage}`)
  if (command === 'rebuild') return { command, unitsPerSecond: units === undefined ? 1000 : parseUnits(units) }
  if (units !== undefined) throw new UsageError(`${command} takes no --units\n\n${usage}`)
  return { command }
}

function parseArguments (args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { units: { type: 'string' }, help: { type: 'boolean' } } })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${usage}`)
  }
}

function parseUnits (text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new UsageError(`--units must be a whole number from 1 to 999999, not ${JSON.stringify(text)}`)
}
