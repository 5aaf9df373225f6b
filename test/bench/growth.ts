// How what an operation costs grows with what there is: `npm run bench:growth`, or `npm run bench:growth -- messages --up-to 1000000`.
// Prints calls, request units and the median duration of each operation on the embedded engine, ten times as much there each time.
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { requestUnits } from '../support/request-units.js'
import { growthApp, type GrowthApp } from './growth-app.js'
import { fill, type Kind } from './growth-fill.js'
import { median } from './table.js'

const { values: options, positionals } = parseArgs({
  allowPositionals: true, options: { 'up-to': { type: 'string', default: '100000' }, reps: { type: 'string', default: '5' } }
})

/** A request that a user makes again and again, beside ever more of a kind. */
interface Operation {
  title: string
  path: string
  /** What is posted, if anything is. */
  body?: (rep: number) => object
}

const send: Operation = { title: 'send a text', path: 'friend', body: () => ({ text: 'Sunny tomorrow: I will have 12 kWh to spare.' }) }
const operations: Record<Kind, Operation[]> = {
  messages: [
    send,
    { title: 'page of 20 messages, the newest', path: 'friend' },
    { title: 'page of 20 messages, from the middle', path: 'friend?beforeSeq=500' },
    { title: 'mark read', path: 'conversations/friend/read', body: rep => ({ seq: 400 + rep }) },
    { title: 'sync, nothing missed', path: 'sync?since=' }
  ],
  conversations: [
    send,
    { title: 'page of 20 conversations', path: 'conversations' },
    { title: 'sync, nothing missed', path: 'sync?since=' }
  ],
  offers: [
    { title: 'page of 20 trades', path: 'trades' },
    { title: 'page of 20 trades, my move', path: 'trades?awaiting=me' },
    { title: 'page of 20 trades, accepted', path: 'trades?status=accepted' }
  ],
  users: [
    { title: 'page of 20 users', path: 'users' },
    { title: 'page of 20 users by name', path: 'users?q=user%205' },
    send
  ]
}

for (const kind of Object.keys(operations) as Kind[]) {
  if (positionals.length > 0 && !positionals.includes(kind)) continue
  const site = await growthApp()
  try {
    let there = 0
    for (let size = 1000; size <= Number(options['up-to']); size *= 10) {
      const since = performance.now()
      await fill(site, kind, there, size)
      there = size
      console.log(`\n${size.toLocaleString('en')} ${kind} (${Math.round((performance.now() - since) / 1000)} s to fill)`)
      for (const operation of operations[kind]) console.log(await cost(site, operation))
    }
  } finally {
    await site.close()
  }
}

/** Medians of what an operation costs when it is made again and again. */
async function cost ({ app, ask }: GrowthApp, { title, path, body }: Operation): Promise<string> {
  const { cursor } = await ask<{ cursor: string }>('user', { url: '/api/messages/sync' })
  const url = `/api/messages/${path}${path.endsWith('=') ? encodeURIComponent(cursor) : ''}`
  const meter = requestUnits(app)
  let calls = 0
  const remove = app.dynamodb.aroundCalls(async (call, next) => {
    calls++
    return await next(call)
  })
  const found: Array<{ calls: number, read: number, write: number, ms: number }> = []
  for (let rep = 0; rep < Number(options.reps); rep++) {
    calls = 0
    const since = performance.now()
    const units = await meter(async () => await ask('user', { method: body === undefined ? 'GET' : 'POST', url, payload: body?.(rep) }))
    found.push({ ...units, calls, ms: performance.now() - since })
  }
  remove()
  const of = (name: 'calls' | 'read' | 'write' | 'ms') => median(found.map(values => values[name]))!
  return `  ${title.padEnd(38)}${`${of('calls')} calls`.padStart(9)}${`${of('read')} RCU`.padStart(10)}${`${of('write')} WCU`.padStart(8)}${`${of('ms').toFixed(1)} ms`.padStart(12)}`
}
