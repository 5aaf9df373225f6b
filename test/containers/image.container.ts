import { readFileSync } from 'node:fs'
import { SignJWT } from 'jose'
import t, { type Test } from 'tap'
import { Wait } from 'testcontainers'
import { jwtSecret, TestSocket, TestStream } from '../support/helper.js'
import { startDynamoDBLocal } from './dynamodb-local.js'
import { engine, HardenedContainer, outcomeOf, serverImage, sizeOnTopOfBase } from './image.js'

const image = await serverImage(t)
const { inside: DYNAMODB } = await startDynamoDBLocal(t)
const env = { DYNAMODB, TABLE_NAME: 'equilux-chat', JWT_SECRET: jwtSecret, CLIENT_URL: 'https://app.example.com' }
const megabyte = 1_000_000

async function startServer (t: Test) {
  const container = await new HardenedContainer(image)
    .withEnvironment(env)
    .withExposedPorts(8080)
    .withWaitStrategy(Wait.forHttp('/ready', 8080))
    .start()
  t.teardown(() => container.stop())
  return { container, url: `http://${container.getHost()}:${container.getMappedPort(8080)}` }
}

async function authorization (userId: string) {
  const token = await new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(userId).setExpirationTime('1h')
    .sign(Buffer.from(jwtSecret))
  return { authorization: `Bearer ${token}` }
}

async function say (url: string, from: string, to: string, text: string) {
  const response = await fetch(`${url}/api/messages/${to}`, {
    method: 'POST',
    headers: { ...await authorization(from), 'content-type': 'application/json' },
    body: JSON.stringify({ text })
  })
  return { status: response.status, body: await response.json() as object }
}

t.test('the image adds at most 100 MB to its base', async t => {
  const size = await sizeOnTopOfBase(image)
  t.comment(`${(size / megabyte).toFixed(1)} MB`)
  t.ok(size > 0 && size <= 100 * megabyte)
})

t.test('the image holds what the server needs and nothing else', async t => {
  const { output } = await outcomeOf(image, ['ls', '-A', '/app'])
  t.same(output.split(/\s+/).filter(Boolean).sort(), ['LICENSE', 'dist', 'node_modules', 'package.json', 'web'])
  const lock = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
    packages: Record<string, { dev?: boolean, devOptional?: boolean, optional?: boolean }>
  }
  const list = 'ls -d node_modules/* node_modules/@*/*'
  const installed = (await outcomeOf(image, ['sh', '-c', list])).output.split(/\s+/).filter(name => name in lock.packages)
  t.ok(installed.includes('node_modules/fastify'))
  t.same(installed.filter(name => lock.packages[name]!.dev || lock.packages[name]!.optional), [])
})

t.test('the image makes the table, and finds it made', async t => {
  const command = ['node', 'dist/src/commands/table.js']
  t.same(await outcomeOf(image, command, env), { code: 0, output: 'Created: table equilux-chat\n' })
  t.same(await outcomeOf(image, command, env), { code: 0, output: 'Already there: table equilux-chat\n' })
})

t.test('a server that is badly configured says everything that is wrong and ends', async t => {
  const command = ['node', 'dist/src/server.js']
  const bare = await outcomeOf(image, command)
  t.equal(bare.code, 1)
  for (const name of ['JWT_SECRET', 'CLIENT_URL', 'AWS_REGION', 'TABLE_NAME']) t.match(bare.output, new RegExp(`^  - ${name} `, 'm'))
  const noTable = await outcomeOf(image, command, { ...env, TABLE_NAME: 'elsewhere' })
  t.equal(noTable.code, 1)
  t.match(noTable.output, 'there is no table elsewhere')
})

t.test('the user of the image is not root and can change nothing of it', async t => {
  const { container } = await startServer(t)
  t.equal((await container.exec(['id', '-u'])).output.trim(), '1000')
  const { output } = await container.exec(['find', '/app', '(', '-user', 'node', '-o', '-perm', '/o=w', ')', '-not', '-type', 'l'])
  t.equal(output, '')
})

t.test('a message that is sent to a container comes live over its WebSocket and its stream', async t => {
  const { url } = await startServer(t)
  t.same(await (await fetch(`${url}/health`)).json(), { status: 'ok' })
  t.same(await (await fetch(`${url}/ready`)).json(), { status: 'ok', redis: 'off', clock: 'ok' })
  t.equal((await fetch(`${url}/docs/`)).status, 200)
  t.match(await (await fetch(url)).text(), /<script [^>]*src="\/assets\//, 'the web app')
  const socket = new TestSocket(url, await authorization('bob'))
  t.teardown(() => socket.socket.terminate())
  await socket.next('connected')
  const stream = await TestStream.open(t, url, await authorization('bob'))
  const sent = await say(url, 'alice', 'bob', 'hello')
  t.match(sent, { status: 201, body: { senderId: 'alice', text: 'hello', seq: 1 } })
  for (const inbox of [socket, stream]) t.same((await inbox.next('newMessage')).data, sent.body)
})

// Where there is no systemd, Podman leaves it to others to run health checks: so does this test.
t.test('the health check of the image tells a server that answers from one that does not', async t => {
  const { container } = await startServer(t)
  const { Config: { Healthcheck: check } } = await engine.getContainer(container.getId()).inspect()
  const [kind, ...command] = check?.Test ?? []
  t.equal(kind, 'CMD')
  t.equal((await container.exec(command)).exitCode, 0)
  t.equal((await container.exec(command, { env: { PORT: '1' } })).exitCode, 1)
})

t.test('a container that is told to stop sends its clients elsewhere, ends in time with 0, and has lost nothing', async t => {
  const { container, url } = await startServer(t)
  const socket = new TestSocket(url, await authorization('bob'))
  await socket.next('connected')
  t.match(await say(url, 'carol', 'bob', 'before the end'), { status: 201 })
  const stopped = engine.getContainer(container.getId())
  const since = Date.now()
  // After 10 s, Docker's own patience, it would be killed.
  await stopped.stop({ t: 10 })
  t.comment(`${Date.now() - since} ms`)
  t.match((await stopped.inspect()).State, { Running: false, ExitCode: 0 })
  t.match(await socket.closed, { code: 4000 })

  const { url: next } = await startServer(t)
  const response = await fetch(`${next}/api/messages/carol`, { headers: await authorization('bob') })
  t.match(await response.json(), { messages: [{ text: 'before the end', seq: 1 }] })
})
