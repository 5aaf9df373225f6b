import { execFileSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { GenericContainer, Wait } from 'testcontainers'

/*
 * What a newcomer does, on a machine that has Node and npm and nothing else: `npm install && npm test` as root in a slim image,
 * with the last commit. The suite has run before; here it runs with the AWS SDK's client of the database.
 */
const cwd = fileURLToPath(new URL('../..', import.meta.url))
const commit = execFileSync('git', ['archive', '--format=tar', 'HEAD'], { cwd, maxBuffer: 2 ** 28 })
// npm sets the variable for its scripts where another registry than its own is configured.
const { npm_config_registry: registry } = process.env

await using _ = await new GenericContainer('node:24-slim')
  .withCopyArchivesToContainer([{ tar: Readable.from([commit]), target: '/app' }])
  .withWorkingDir('/app')
  .withEnvironment({ DYNAMODB_CLIENT: 'sdk', ...(registry === undefined ? {} : { npm_config_registry: registry }) })
  .withCommand(['sh', '-c', 'npm install && npm test'])
  .withLogConsumer(log => log.pipe(process.stdout))
  .withWaitStrategy(Wait.forOneShotStartup())
  .withStartupTimeout(30 * 60_000)
  .start()
