import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import t from 'tap'
import { LiveClient, type ChatError, type LiveEvent, type WebSocketLike } from '../../client/src/index.js'
import { misfit, type Shape } from '../../client/src/shape.js'
import { shapes } from '../../openapi/client/shapes.js'
import { until } from '../support/live.js'
import { mutate, mutations } from './mutations.js'

type Frame = { type: string, data: Record<string, unknown> }

const { components } = JSON.parse(await readFile('openapi/asyncapi.json', 'utf8')) as { components: { messages: Record<string, { name: string, examples: Array<{ payload: Frame }> }> } }
const frames = Object.values(components.messages).filter(({ name }) => name.startsWith('server')).flatMap(({ examples }) => examples.map(({ payload }) => payload))
const connected = frames.find(({ type }) => type === 'connected')!

/** A server in memory that sends texts, whatever they are, once the client has said who it is. */
function serverThatSends (texts: string[]) {
  return class implements WebSocketLike {
    readonly #listeners = new Map<string, (event: never) => void>()

    constructor () {
      setTimeout(() => this.#tell('open', {}))
    }

    send (text: string) {
      const { type } = JSON.parse(text) as { type: string }
      if (type === 'auth') for (const data of [JSON.stringify(connected), ...texts]) this.#tell('message', { data })
    }

    close () {}

    addEventListener (type: string, listener: (event: never) => void) {
      this.#listeners.set(type, listener)
    }

    #tell (type: string, event: object) {
      this.#listeners.get(type)?.(event as never)
    }
  }
}

const sent = fc.array(fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...frames), mutations).map(([frame, mutations]) =>
      JSON.stringify(mutations.reduce<unknown>((value, [choices, other]) => mutate(value, choices, other), frame)))
  },
  { weight: 1, arbitrary: fc.string() }
), { maxLength: 12 })

t.test('whatever a server sends, listeners get what fits, the rest is counted and told, and nothing throws', async () => {
  let told = 0
  let leftOut = 0
  const uncaught: unknown[] = []
  const note = (error: unknown) => { uncaught.push(error) }
  process.on('uncaughtException', note)
  process.on('unhandledRejection', note)
  await fc.assert(fc.asyncProperty(sent, async texts => {
    uncaught.length = 0
    const events: LiveEvent[] = []
    const errors: ChatError[] = []
    const last = { type: 'typing', data: { userId: 'the last one' } }
    const live = new LiveClient({
      baseUrl: 'http://chat.example',
      token: 'x',
      backoff: { base: 1, cap: 1 },
      WebSocket: serverThatSends([...texts, JSON.stringify(last)]),
      // What was lost can't be read.
      fetch: async () => Response.json({ messages: [], offers: [], nextPageToken: null }),
      onError: error => errors.push(error)
    })
    live.on('event', event => events.push(event))
    let hasEnded = false
    live.on('state', ({ status }) => { hasEnded ||= status === 'waiting' || status === 'closed' })
    live.connect()
    await until('all came, or the connection ended', () => hasEnded || events.some(({ type, data }) => type === 'typing' && data.userId === last.data.userId))
    live.close()
    told += events.length
    leftOut += live.invalid
    for (const event of events) assert.equal(misfit(shapes.frames[event.type] as Shape, event), undefined)
    assert.equal(errors.filter(({ code }) => code === 'unexpected_frame').length, live.invalid)
    assert.deepEqual(uncaught, [])
  }), { numRuns: 150 })
  assert.ok(told > 300 && leftOut > 100, `${told} were told, ${leftOut} left out`)
  process.off('uncaughtException', note)
  process.off('unhandledRejection', note)
})
