import type { Request, Result } from './load.js'

/** What a row needs of the world that it is measured in. */
export interface World {
  token (userId: string): string
  /** Makes requests of a server, once each, before the measurement. */
  prepare (requests: Request[]): Promise<Result>
}

export interface Row {
  title: string
  /** The CPU that it may take, as a ratio to the floor unless it says so. */
  target?: string
  /** Where the floor's process answers: the row is one of the floors. */
  floor?: true
  /** Whether its requests can be made once only. */
  once?: true
  requests (world: World): Promise<Request[]>
}

const pairs = Array.from({ length: 64 }, (_, n) => [`sender-${n}`, `receiver-${n}`] as const)
const text = JSON.stringify({ text: 'Sunny tomorrow: I will have 12 kWh to spare.' })
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString()
const offer = () => JSON.stringify({ messageType: 'tradeOffer', text: 'Energy trade proposal', pricePerUnit: 0.15, totalAmount: 50, startTime: tomorrow() })

const say = (world: World, from: string, to: string, body = text): Request => ({ method: 'POST', path: `/api/messages/${to}`, token: world.token(from), body })
const get = (world: World, userId: string, path: string): Request => ({ method: 'GET', path: `/api/messages/${path}`, token: world.token(userId) })
const floor = (title: string, path: string): Row => ({ title, floor: true, requests: async () => [{ method: 'POST', path, body: text }] })

/** A round of messages in every conversation. */
async function talk (world: World, rounds: number) {
  await world.prepare(Array.from({ length: rounds }, () => pairs.map(([from, to]) => say(world, from, to))).flat())
}

export const rows: Record<string, Row> = {
  floor: floor('one SDK PutItem behind bare Fastify', '/put'),
  'electrodb-sdk': floor('ElectroDB\'s transaction, stock SDK', '/electrodb-sdk'),
  'electrodb-lean': floor('ElectroDB\'s transaction, lean client', '/electrodb-lean'),
  raw: floor('raw signed transaction', '/raw'),
  send: {
    title: 'send a text',
    target: '≤ 0.8',
    async requests (world) {
      await talk(world, 1)
      return pairs.map(([from, to]) => say(world, from, to))
    }
  },
  messages: {
    title: 'page of 20 messages',
    target: '≤ 0.9',
    async requests (world) {
      await talk(world, 21)
      return pairs.map(([from, to]) => get(world, from, to))
    }
  },
  conversations: {
    title: '20 of 50 conversations',
    target: '≤ 3',
    async requests (world) {
      const users = pairs.slice(0, 4).map(([user]) => user)
      await world.prepare(users.flatMap(user => Array.from({ length: 50 }, (_, n) => say(world, user, `friend-${n}`))))
      return users.map(user => get(world, user, 'conversations'))
    }
  },
  trades: {
    title: '20 trades',
    target: '≤ 3',
    async requests (world) {
      const users = pairs.slice(0, 4)
      await world.prepare(users.flatMap(([from, to]) => Array.from({ length: 30 }, (_, n) => n % 2 === 0 ? say(world, from, to, offer()) : say(world, to, from, offer()))))
      return users.map(([user]) => get(world, user, 'trades'))
    }
  },
  respond: {
    title: 'respond',
    target: '≤ 1.8',
    once: true,
    async requests (world) {
      const asked = Array.from({ length: 12 }, () => pairs).flat()
      const { bodies } = await world.prepare(asked.map(([from, to]) => say(world, from, to, offer())))
      const answer = JSON.stringify({ response: 'reject', revision: 1 })
      return bodies.map(body => {
        const { receiverId, messageId } = JSON.parse(body) as { receiverId: string, messageId: string }
        return { method: 'POST', path: `/api/messages/trades/${messageId}/respond`, token: world.token(receiverId), body: answer }
      })
    }
  },
  sync: {
    title: 'sync, nothing missed',
    target: '≤ 1.2',
    async requests (world) {
      await talk(world, 1)
      const { bodies } = await world.prepare(pairs.map(([user]) => get(world, user, 'sync')))
      return pairs.map(([user], n) => {
        const { cursor } = JSON.parse(bodies[n]!) as { cursor: string }
        return get(world, user, `sync?since=${encodeURIComponent(cursor)}`)
      })
    }
  },
  read: {
    title: 'mark read',
    target: '≤ 0.8',
    once: true,
    async requests (world) {
      const rounds = 16
      const { bodies } = await world.prepare(Array.from({ length: rounds }, () => pairs.map(([from, to]) => say(world, from, to))).flat())
      // In ascending order: an older position changes nothing.
      const said = bodies.map(body => JSON.parse(body) as { senderId: string, receiverId: string, seq: number }).sort((one, other) => one.seq - other.seq)
      return said.map(({ senderId, receiverId, seq }) =>
        ({ method: 'POST', path: `/api/messages/conversations/${senderId}/read`, token: world.token(receiverId), body: JSON.stringify({ seq }) }))
    }
  }
}
