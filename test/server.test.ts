import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Message, MessagePage } from '../schemas/message.js'
import { jwtSecret } from './support/helper.js'
import { launch, processesOf, start, tokenFor } from './support/server-process.js'

// Most of the time is spent waiting.
t.jobs = 3

t.test('what was acknowledged survives SIGKILL in the middle of the work, and the sequence has no hole', { buffered: true }, async t => {
  const folder = t.testdir()
  const token = await tokenFor('alice')
  const acknowledged = new Map<string, Message>()
  let attempted: string[] = []
  for (let round = 0; round < 3; round++) {
    const server = await start(t, folder)
    const send = async (text: string) => {
      const message = await post(server.url, token, 'bob', text)
      if (message === undefined) return false
      const before = acknowledged.get(text)
      if (before !== undefined) t.same(message, before, 'a retry gets the first answer')
      acknowledged.set(text, message)
      return true
    }
    t.ok((await Promise.all([...attempted, ...acknowledged.keys()].map(send))).every(Boolean), 'retries after the restart')
    await check(t, server.url, token, acknowledged)

    attempted = []
    const writers = Array.from({ length: 16 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const text = `${round}-${writer}-${n}`
        attempted.push(text)
        if (!await send(text)) return
      }
    })
    const before = acknowledged.size
    while (acknowledged.size < before + 50) await sleep(5)
    server.child.kill('SIGKILL')
    await Promise.all(writers)
    attempted = attempted.filter(text => !acknowledged.has(text))
    t.ok(attempted.length > 0, 'some requests were cut off')
  }
  const server = await start(t, folder)
  for (const text of attempted) acknowledged.set(text, (await post(server.url, token, 'bob', text))!)
  await check(t, server.url, token, acknowledged)
})

t.test('SIGTERM: exits with 0, ends the engine and keeps what was acknowledged', { buffered: true }, async t => {
  const folder = t.testdir()
  const token = await tokenFor('alice')
  const server = await start(t, folder, { SHUTDOWN_GRACE_SECONDS: '10' })
  t.ok(processesOf(folder).length > 0)
  const acknowledged = new Map<string, Message>()
  const writers = Array.from({ length: 8 }, async (_, writer) => {
    for (let n = 0; ; n++) {
      const message = await post(server.url, token, 'bob', `${writer}-${n}`)
      if (message === undefined) return
      acknowledged.set(`${writer}-${n}`, message)
    }
  })
  while (acknowledged.size < 50) await sleep(5)
  server.child.kill('SIGTERM')
  t.equal(await server.exited, 0)
  await Promise.all(writers)
  t.same(processesOf(folder), [])
  t.notOk(existsSync(join(folder, 'data/dynamodb.pid')), 'the folder is free')

  const next = await start(t, folder)
  const found = await timeline(next.url, token)
  t.same(found.map(({ seq }) => seq), found.map((_, n) => n + 1))
  for (const message of acknowledged.values()) t.same(found[message.seq - 1], message)
})

t.test('a second server on the same folder refuses to start, and leaves the first one alone', { buffered: true }, async t => {
  const folder = t.testdir()
  const first = await start(t, folder)
  t.match(String(first.page), new RegExp(`^http://localhost:${new URL(first.url).port}(/docs)?$`), 'a newcomer is told what to open')
  const second = launch(t, folder)
  t.equal(await second.exited, 1)
  t.match(second.stderr(), new RegExp(`DATA_DIR .*/data is in use by process ${first.child.pid}`))
  t.not(await post(first.url, await tokenFor('alice'), 'bob', 'hello'), undefined)
})

t.test('in production, a server without any configuration says everything that is missing, and exits with 1', { buffered: true }, async t => {
  const server = launch(t, t.testdir(), { NODE_ENV: 'production', JWT_SECRET: '', DATA_DIR: '', HOST: '', PORT: '' })
  t.equal(await server.exited, 1)
  const said = server.stderr()
  t.match(said, /^The configuration has 4 problems:\n/)
  for (const name of ['JWT_SECRET', 'CLIENT_URL', 'AWS_REGION', 'TABLE_NAME']) t.match(said, new RegExp(`^ {2}- ${name}`, 'm'))
  t.notMatch(said, /at .*\.ts/, 'without a stack')
})

t.test('a generated secret is kept: tokens are valid after a restart', { buffered: true }, async t => {
  const folder = t.testdir()
  const first = await start(t, folder, { JWT_SECRET: '' })
  const secret = readFileSync(join(folder, 'data/jwt-secret'), 'utf8').trim()
  const token = await tokenFor('alice', secret)
  const sent = await post(first.url, token, 'bob', 'hello')
  first.child.kill('SIGTERM')
  await first.exited
  const second = await start(t, folder, { JWT_SECRET: '' })
  t.same(await timeline(second.url, token), [sent])
  t.equal((await fetch(`${second.url}/api/messages/users`, {
    headers: { authorization: `Bearer ${await tokenFor('alice', jwtSecret)}` }
  })).status, 401)
})

/** The message, or nothing when the server is gone: the text is its own Idempotency-Key. */
async function post (url: string, token: string, to: string, text: string): Promise<Message | undefined> {
  try {
    const response = await fetch(`${url}/api/messages/${to}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': text },
      body: JSON.stringify({ text })
    })
    if (response.status === 201) return await response.json() as Message
    await response.body?.cancel()
    if (response.status !== 503) throw new Error(`${response.status} came`)
    await sleep(200)
    return await post(url, token, to, text)
  } catch (error) {
    // What fetch throws when the connection fails.
    if (error instanceof TypeError) return undefined
    throw error
  }
}

async function timeline (url: string, token: string) {
  const messages: Message[] = []
  for (let more = true; more;) {
    const response = await fetch(`${url}/api/messages/bob?order=asc&limit=100&afterSeq=${messages.length}`, {
      headers: { authorization: `Bearer ${token}` }
    })
    const page = await response.json() as MessagePage
    messages.push(...page.messages)
    more = page.nextPageToken !== null
  }
  return messages
}

/** Exactly what was acknowledged is there, each once, in a sequence without a hole. */
async function check (t: Test, url: string, token: string, acknowledged: Map<string, Message>) {
  const found = await timeline(url, token)
  t.same(found, [...acknowledged.values()].sort((a, b) => a.seq - b.seq))
  t.same(found.map(({ seq }) => seq), found.map((_, n) => n + 1))
}
