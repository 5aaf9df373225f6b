// Three server processes on one Redis and one database, with real clients, while everything that can break does.
// Run: npm run stress (about three minutes; needs redis-server on the PATH)
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { compareDeliveries, missing } from './deliveries.js'
import { miscounted } from './figures.js'
import type { Instance } from './instance.js'
import { holdings, leaks } from './leaks.js'
import { LiveClient } from './live-client.js'
import { ProductClient } from './product-client.js'
import { Sender, type Answers } from './sender.js'
import { stalledReader } from './stalled-reader.js'
import { WebhookReceiver } from './webhook-receiver.js'
import { World } from './world.js'

const users = Array.from({ length: 24 }, (_, n) => `user-${n}`)
const pairs = users.flatMap((user, n) => [1, 5].map(step => [user, users[(n + step) % users.length] as string] as const))
const writers = 12

// Its endpoint is there before the other instances are, which then know it from the start.
const receiver = await WebhookReceiver.open()
const world = await World.start(3, async world => await receiver.subscribe(world))
const { instances, urls } = world
const faults: string[] = []
const untouched = await holdings(world)

const tokens = new Map(users.map(user => [user, world.token(user)]))
const rawClients = users.flatMap(user => (['ws', 'sse'] as const).map(kind => new LiveClient(user, tokens.get(user) as string, urls, kind)))
const productClients = users.slice(0, 6).map((user, n) =>
  new ProductClient(user, tokens.get(user) as string, urls[n % urls.length] as string, n < 3 ? 'auto' : 'eventStream'))
const clients = [...rawClients, ...productClients]
await until('every client is connected', () => rawClients.every(({ isConnected }) => isConnected))
await Promise.all(productClients.map(async client => await client.connect()))

const sender = new Sender(urls, tokens)
let writing = true
const written = Promise.all(Array.from({ length: writers }, async (_, n) => {
  // eslint-disable-next-line no-unmodified-loop-condition -- it ends when the phases are over
  for (let count = 0; writing; count++) {
    const [from, to] = pairs[(n + count * writers) % pairs.length] as [string, string]
    if (count % 10 === 9) await sender.trade(from, to, count % 20 === 9 ? 'accept' : 'reject')
    else await (count % 2 === 0 ? sender.send(from, to, `${n} ${count}`) : sender.send(to, from, `${n} ${count}`))
    await sleep(40)
  }
}))

await phase('connections are cut at random, and webhooks refused', async () => {
  for (let n = 0; n < 150; n++) {
    receiver.refuses = n < 60
    rawClients[Math.floor(Math.random() * rawClients.length)]?.cut()
    await sleep(40)
  }
})

await phase('instances are killed and started again, and the receiver of webhooks', async () => {
  for (const [n, instance] of instances.entries()) {
    await instance.stop('SIGKILL')
    if (n === 1) await receiver.die()
    await sleep(500)
    await instance.start()
    await sleep(500)
    if (n === 1) await receiver.rise()
  }
})

await phase('Redis is stopped and started again', async () => {
  await world.stopRedis()
  await sleep(3000)
  await world.startRedis()
  await sleep(4000)
}, answers => expectNoFailure(answers))

await phase('a storm: all reconnect at once', async () => {
  for (let n = 0; n < 3; n++) {
    for (const client of rawClients) client.cut()
    await sleep(2000)
  }
  await receiver.die()
  await sleep(1000)
  await receiver.rise()
}, answers => expectNoFailure(answers))

await phase('a rolling restart by SIGTERM', async () => {
  for (const instance of instances) {
    const code = await instance.stop('SIGTERM')
    if (code !== 0) faults.push(`SIGTERM ended an instance with ${code}`)
    await instance.start()
  }
}, answers => expectNoFailure(answers))

writing = false
await written
await until('every client has everything', () => clients.every(client => missing(client, sender) === 0), 20_000).catch(error => faults.push(String(error)))
tell(compareDeliveries(clients, sender))
// What was begun by an instance that was killed waits until its claim has ended, and what failed twice for more than five minutes.
await until('every event is told', () => receiver.untold(sender) === 0, 400_000).catch(error => faults.push(String(error)))
tell(await receiver.compare(sender))
let wrong: string[] = []
await until('every negotiation is counted', async () => {
  wrong = await miscounted(world, users, sender)
  return wrong.length === 0
}, 400_000).catch(() => faults.push(...wrong))
process.stdout.write(`analytics: ${sender.ended.accept + sender.ended.reject} negotiations, miscounted: ${wrong.join(', ') || 'none'}\n`)
await receiver.die()
if (productClients.some(({ duplicates }) => duplicates > 0)) faults.push('the product\'s client told a message twice')
await sender.close()
await Promise.all(clients.map(async client => await client.stop()))

tell(await stalledReader(instances[0] as Instance, user => world.token(user)))

// The connections that `fetch` keeps for the next request are clients too.
await getGlobalDispatcher().close()
setGlobalDispatcher(new Agent())
let left: string[] = []
await until('nothing is left of the clients', async () => {
  left = leaks(untouched, await holdings(world))
  return left.length === 0
}, 30_000).catch(() => faults.push(...left))
process.stdout.write(`left when the clients are gone: ${left.join(', ') || 'nothing'}\n`)

await world.close()
for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`)
process.stdout.write(`${faults.length === 0 ? '1 passed, 0 failed' : `0 passed, ${faults.length} failed`}\n`)
process.exit(faults.length === 0 ? 0 : 1)

function tell (result: { summary: string, faults: string[] }) {
  process.stdout.write(`${result.summary}\n`)
  faults.push(...result.faults)
}

async function phase (name: string, run: () => Promise<void>, check: (answers: Answers) => void = () => {}) {
  // What the phase before broke off is its own affair.
  await sleep(300)
  if (sender.sent > 0) sender.takeAnswers()
  const before = sender.sent
  await run()
  const answers = sender.takeAnswers()
  check(answers)
  const failures = [...answers.failures].map(([code, count]) => `${count} ${code}`).join(', ') || 'none'
  process.stdout.write(`${name}: ${sender.sent - before} sent, ${answers.elsewhere} told to go elsewhere, ${answers.broken} broken, other failures: ${failures}\n`)
}

function expectNoFailure ({ failures, broken }: Answers) {
  for (const [code, count] of failures) faults.push(`${count} requests failed with ${code}`)
  if (broken > 0) faults.push(`${broken} requests were broken off`)
}

async function until (what: string, holds: () => boolean | Promise<boolean>, patience = 30_000) {
  for (const end = Date.now() + patience; !await holds();) {
    if (Date.now() > end) throw new Error(`It never came about that ${what}`)
    await sleep(50)
  }
}
