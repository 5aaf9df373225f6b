import { buildApp } from '../../../src/app.js'
import { loadConfig } from '../../../src/config/environment.js'
import { resolveSecrets } from '../../../src/config/secrets.js'
import { createLogger } from '../../../src/observability/logger.js'

/*
 * A server that sends one message of a user and is killed on the way: a process of its own, given what to do in KILLED_SENDER.
 */

const { step, token, to, body, key, env } = JSON.parse(process.env.KILLED_SENDER!) as {
  /** After which call: of the store, or the transaction of the database. */
  step: 'head' | 'readStart' | 'keep' | 'TransactWriteItems'
  token: string
  to: string
  body: object
  key: string
  env: Record<string, string>
}

const config = await resolveSecrets(loadConfig(env))
const app = await buildApp({ config, log: createLogger(config), answerWithin: 60_000, patience: { connect: 20_000, attempt: 20_000 } })
await app.ready()
const kill = () => process.kill(process.pid, 'SIGKILL')

if (step === 'TransactWriteItems') {
  app.dynamodb.aroundAttempts(async (call, next) => {
    const answer = await next(call)
    if (call.operation === step) kill()
    return answer
  })
} else {
  const storage = app.storage!
  const real = storage[step].bind(storage) as (...args: unknown[]) => Promise<unknown>
  Object.assign(storage, {
    async [step] (...args: unknown[]) {
      const answer = await real(...args)
      kill()
      return answer
    }
  })
}

await app.inject({
  method: 'POST', url: `/api/messages/${to}`, payload: body, headers: { authorization: `Bearer ${token}`, 'idempotency-key': key }
})
