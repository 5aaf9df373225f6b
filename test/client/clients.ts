import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Test } from 'tap'
import { WebSocket } from 'ws'
import { LiveClient, type LiveClientOptions, type LiveEvent, type LiveState, type ChatError } from '../../client/src/index.js'
import { until } from '../support/live.js'

/** A live client that notes what it tells. It is closed when the test ends. */
export function follow (t: Test, options: LiveClientOptions) {
  const live = new LiveClient({ WebSocket, backoff: { base: 20, cap: 100 }, ...options })
  t.teardown(() => live.close())
  const events: LiveEvent[] = []
  const states: LiveState[] = []
  const errors: ChatError[] = []
  live.on('event', event => events.push(event))
  live.on('state', state => states.push(state))
  live.on('error', error => errors.push(error))
  return {
    live,
    events,
    states,
    errors,
    /** The positions of the messages that came, in the order in which they came. */
    seqs: () => events.flatMap(event => event.type === 'newMessage'
      ? [event.data.seq]
      : event.type === 'tradeResponse' ? [event.data.message.seq] : []),
    of: <Type extends LiveEvent['type']> (type: Type) =>
      events.filter((event): event is Extract<LiveEvent, { type: Type }> => event.type === type),
    /** Waits until a state has come about, the given number of times. */
    reached: async (status: LiveState['status'], times = 1) =>
      await until(`the client is ${status}`, () => states.filter(state => state.status === status).length >= times)
  }
}

/** A wire to a server that can be cut, go dead without a word, or be led to another server. */
export async function openWire (t: Test, url: string) {
  const sockets = new Set<Socket>()
  let isDead = false
  let target = url
  const server = createServer(client => {
    const there = connect(Number(new URL(target).port), '127.0.0.1')
    for (const [from, to] of [[client, there], [there, client]] as const) {
      sockets.add(from)
      from.on('data', data => { if (!isDead) to.write(data) })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const cut = () => { for (const socket of sockets) socket.destroy() }
  t.teardown(() => {
    server.close()
    cut()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    die: () => { isDead = true },
    revive: () => { isDead = false },
    /** Cuts it; whoever connects from then on reaches the other server. */
    redirect: (url: string) => {
      target = url
      cut()
    }
  }
}

interface Frame {
  type: string
  id?: string
  data?: { seq?: number }
}

/** A WebSocket whose frames come when, as often as, and as what they are passed on. */
export function intercepting (take: (frame: Frame, pass: (frame?: object) => void) => void) {
  return class extends WebSocket {
    override emit (name: string | symbol, ...args: unknown[]): boolean {
      if (name !== 'message') return super.emit(name, ...args)
      take(JSON.parse(String(args[0])) as Frame, frame => { super.emit(name, ...frame === undefined ? args : [Buffer.from(JSON.stringify(frame)), false]) })
      return true
    }
  }
}

/** A WebSocket for which each frame comes as often as `times` says. */
export function unreliable (times: (frame: Frame) => number) {
  return intercepting((frame, pass) => { for (let left = times(frame); left > 0; left--) pass() })
}

/** A WebSocket whose frames come without half of what they say, where `isGarbled` says so. */
export function garbling (isGarbled: (frame: Frame) => boolean) {
  return intercepting((frame, pass) => isGarbled(frame) ? pass({ ...frame, data: { seq: frame.data?.seq } }) : pass())
}
