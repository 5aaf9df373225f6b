import { parseArgs } from 'node:util'
import fastify from 'fastify'
import { loadConfig, readEnvironment } from '../config/environment.js'
import { userIdFault } from '../auth/identity.js'
import auth from '../plugins/auth.js'
import config from '../plugins/config.js'
import { resolveSecrets } from '../config/secrets.js'
import { run, UsageError } from './run.js'

const usage = `Prints a token for the server that runs with this configuration.

Usage: npm run token -- <user id> [options]

  --name <name>          the user's name to show (the user id)
  --expires <duration>   how long the token is valid: 30s, 15m, 12h, 7d (12h)
  --help                 this text
`

/** Why an id can't be a user's. */
const faults = {
  sub_malformed: 'A user id has 1 to 128 characters, each a letter, a digit or one of @.:|+=_- and the first not a dot',
  sub_reserved: 'The user id is reserved'
}

const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }

/** @returns the duration in seconds */
function parseDuration (text: string): number {
  const [, count, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? []
  if (count === undefined) throw new UsageError(`--expires must be like 30s, 15m, 12h or 7d, not ${JSON.stringify(text)}`)
  return Number(count) * seconds[unit as keyof typeof seconds]
}

function parseArguments () {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { name: { type: 'string' }, expires: { type: 'string', default: '12h' }, help: { type: 'boolean' } }
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

async function token (): Promise<string> {
  const { values, positionals: [userId, ...others] } = parseArguments()
  if (values.help) return usage
  if (userId === undefined || others.length > 0) throw new UsageError(`One user id is needed\n\n${usage}`)
  const fault = userIdFault(userId)
  if (fault !== undefined) throw new UsageError(`${JSON.stringify(userId)} can't be used. ${faults[fault]}`)
  const expiresIn = parseDuration(values.expires)

  const environment = readEnvironment()
  // Before the rest is judged: what else production would need is beside the point here.
  if (environment.NODE_ENV === 'production') throw new UsageError('Tokens are not made here in production')
  const loaded = loadConfig(environment)
  if (loaded.JWT_JWKS_URL !== undefined) {
    throw new UsageError(`The server accepts tokens of ${loaded.JWT_ISSUER} only: get one from there`)
  }
  const app = fastify()
  app.register(config, { config: await resolveSecrets(loaded) })
  app.register(auth)
  await app.ready()
  return `${app.jwt.sign({ sub: userId, name: values.name }, { expiresIn })}\n`
}

await run(token)
