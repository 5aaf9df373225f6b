import { parseCommand, usage } from './integration-command.js'
import { run } from './run.js'

/** Behind `npm run integration`. What is needed for the table is loaded when it is asked for something: that takes most of a second. */
await run(async () => {
  const action = parseCommand(process.argv.slice(2))
  if (action === undefined) return usage
  const { withRegistry } = await import('./registry.js')
  return await withRegistry(action)
})
