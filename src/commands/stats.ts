import { run } from './run.js'
import { parseCommand, usage } from './stats-command.js'

/** Behind `npm run stats`. What is needed for the table is loaded when it is asked for something: that takes most of a second. */
await run(async () => {
  const asked = parseCommand(process.argv.slice(2))
  if (asked === undefined) return usage
  const { rebuildFigures, showGenerations } = await import('./figures.js')
  return asked.command === 'rebuild' ? await rebuildFigures(asked) : await showGenerations()
})
