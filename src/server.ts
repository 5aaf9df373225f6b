import { ConfigError, readEnvironment } from './config/environment.js'
import { startTracing } from './observability/tracing.js'

try {
  const env = readEnvironment()
  // What is traced is altered as it is loaded: everything else is loaded after this.
  const stopTracing = await startTracing(env)
  const { serve } = await import('./serve.js')
  await serve(env, stopTracing)
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`)
  process.exit(1)
}
