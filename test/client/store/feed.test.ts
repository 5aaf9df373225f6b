import { setImmediate as turn } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { LiveState } from '../../../client/src/index.js'
import { Feed } from '../../../client/src/store/feed.js'
import { ServerClock } from '../../../client/src/store/server-clock.js'
import { settingsOf } from '../../../client/src/store/settings.js'
import { ModelServer } from './model-server.js'
import { modelChannels, modelLocks, ModelSocket, Wire } from './model-wire.js'

/** Tabs that share a connection, and what each is told. */
function openTabs (t: Test, locks = modelLocks()) {
  const [wire, server] = [new Wire(), new ModelServer(() => Date.now(), () => 0)]
  const shared = { name: 'ann', locks, BroadcastChannel: modelChannels(wire) }
  const open = () => {
    const [told, states]: [string[], LiveState[]] = [[], []]
    const feed = new Feed({
      live: settingsOf({
        baseUrl: 'http://model.example',
        token: 'ann',
        WebSocket: class extends ModelSocket {
          constructor () {
            super(wire, () => true)
            server.connect(this)
          }
        }
      }),
      shared,
      clock: new ServerClock(() => {}),
      onEvent: ({ type }) => told.push(type),
      onState: state => states.push(state),
      onNote: () => {}
    })
    t.teardown(() => feed.close())
    return { feed, told, states }
  }
  const arrive = async () => {
    while (!wire.isQuiet) {
      wire.deliver(0)
      await turn()
    }
  }
  return { wire, server, shared, open, arrive }
}

t.test('a tab that hears an event before it hears how the connection is learns that too', async t => {
  const { wire, server, open, arrive } = openTabs(t)
  const first = open()
  await turn()
  await arrive()
  t.match(first.states.at(-1), { status: 'live' })

  const second = open()
  server.say('bob', 'ann', 'just now')
  // The event overtakes what the second tab asks the first one.
  wire.deliver(1)
  await arrive()
  t.same(second.told, ['newMessage'])
  t.match(second.states, [{ status: 'live', transport: 'webSocket' }])

  const third = open()
  await arrive()
  t.equal(third.states.length, 1)
  t.equal(second.states.length, 1, 'who knows isn\'t told what another tab asks')
})

t.test('that the tab that leads is closed isn\'t how the connection of the others is', async t => {
  const { open, arrive } = openTabs(t)
  const tabs = [open(), open(), open()] as const
  await turn()
  await arrive()
  tabs[0].feed.close()
  await turn()
  await arrive()
  t.same(tabs.map(({ states }) => states.at(-1)?.status), ['closed', 'live', 'live'])
  t.same(tabs[2].states.map(({ status }) => status), ['connecting', 'live', 'connecting', 'live'])
})

t.test('a tab that leads goes by its own connection, whatever the one before it has told', async t => {
  const { shared, open, arrive } = openTabs(t)
  const { states } = open()
  await turn()
  await arrive()
  new shared.BroadcastChannel('ann').postMessage({ type: 'state', state: { status: 'waiting' } })
  await arrive()
  t.equal(states.at(-1)?.status, 'live')
})

t.test('a tab that is given no lock has a connection of its own, unless it has left', async t => {
  const denied = openTabs(t, { request: async () => { throw new DOMException('It may store nothing', 'SecurityError') } })
  const { feed, states } = denied.open()
  await turn()
  await denied.arrive()
  t.same([feed.isLeader, states.at(-1)?.status], [true, 'live'])

  const waiting = openTabs(t, {
    request: async (_name, { signal }) => await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  const left = waiting.open()
  left.feed.close()
  await turn()
  t.same([left.feed.isLeader, left.states], [false, []])
})
