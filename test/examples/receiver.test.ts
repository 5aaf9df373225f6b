import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { Webhook } from 'standardwebhooks'
import { webhookEventSchemas } from '../../schemas/webhook-event.js'

const file = join(import.meta.dirname, '../../docs/examples/receiver.ts')
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

function start (...args: string[]) {
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), file, ...args], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'pipe'] })
}

t.test('the example prints what is signed, says what comes again, and refuses the rest', async t => {
  const child = start(secret)
  t.teardown(() => child.kill())
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => (await lines.next()).value as string
  const [, url] = /^Listening at (\S+)$/.exec(await next()) ?? []
  const send = async (event: object, key = secret) => {
    const [id, now, body] = ['msg_1', new Date(), JSON.stringify(event)]
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1000)), 'webhook-signature': new Webhook(key).sign(id, now, body) }
    return (await fetch(url!, { method: 'POST', headers, body })).status
  }
  let again = ''
  for (const { examples: [event] } of Object.values(webhookEventSchemas)) {
    t.equal(await send(event as { type: string }), 204)
    const line = await next()
    t.ok(line.startsWith(`msg_1${again} ${(event as { type: string }).type}`), line)
    again = ' (again)'
  }
  t.equal(await send({ type: 'ping' }, `whsec_${Buffer.alloc(32, 8).toString('base64')}`), 401)
  t.match(await next(), /^refused: /)
})

t.test('without a secret it says what it needs', async t => {
  const child = start()
  t.match(String((await child.stderr.toArray()).join('')), 'npm run receiver -- <the secret')
  t.strictSame(child.exitCode ?? (await once(child, 'close'))[0], 1)
})
