import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { fetch } from 'undici'
import type { Message } from '../../schemas/message.js'
import type { Sender } from './sender.js'
import type { World } from './world.js'

/** How many of the events are refused at first, while it refuses. */
const refusedShare = 0.1

interface Event {
  type: string
  data: { message?: Message }
}

/**
 * Another system that is told of every message and move: it refuses some at random and can die, and looks closely at what comes. It is
 * kept from failing twice with the same event, for then minutes pass until that comes again.
 */
export class WebhookReceiver {
  /** The `seq` of what it took, by conversation, in the order in which it came first. */
  readonly told = new Map<string, number[]>()
  readonly faults: string[] = []
  /** Whether it answers 500 at random. */
  refuses = false
  #refused = new Set<string>()
  #taken = new Set<string>()
  #again = 0
  #server: Server | undefined
  #port = 0
  #webhook: Webhook | undefined
  #list: () => Promise<string[]> = async () => []

  /** Makes one that listens. */
  static async open (): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver()
    await receiver.rise()
    return receiver
  }

  /** Makes an integration, and an endpoint of it for everything that is said and traded. */
  async subscribe (world: World): Promise<void> {
    const key = await makeKey(world)
    const response = await fetch(`${world.urls[0]}/api/integrations/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        url: `http://127.0.0.1:${this.#port}/`,
        events: ['message.created', 'trade.offered', 'trade.countered', 'trade.accepted', 'trade.rejected', 'trade.withdrawn', 'trade.expired']
      })
    })
    const endpoint = await response.json() as { endpointId: string, secret: string }
    if (response.status !== 201) throw new Error(`The endpoint is refused: ${JSON.stringify(endpoint)}`)
    this.#webhook = new Webhook(endpoint.secret)
    this.#list = async () => await listDeliveries(`${world.urls[0]}/api/integrations/webhooks/${endpoint.endpointId}/deliveries`, key)
  }

  /** Listens (again), at the same place. */
  async rise (): Promise<void> {
    this.#server = createServer(async (request, response) => {
      const body = await text(request)
      response.writeHead(this.#take(request.headers as Record<string, string>, body)).end()
    })
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Dies: what comes is not taken, and what is being taken breaks off. */
  async die (): Promise<void> {
    const closed = once(this.#server!, 'close')
    this.#server!.close()
    this.#server!.closeAllConnections()
    await closed
  }

  /** @returns the status to answer with */
  #take (headers: Record<string, string>, body: string): number {
    const id = headers['webhook-id'] ?? ''
    try {
      this.#webhook!.verify(body, headers)
    } catch (error) {
      this.faults.push(`an event was not signed well: ${String(error)}`)
      return 400
    }
    const { data: { message } } = JSON.parse(body) as Event
    if (message === undefined) return 204
    if (id !== `msg_${message.messageId.replaceAll('-', '')}`) this.faults.push(`the event of message ${message.messageId} is called ${id}`)
    if (this.refuses && !this.#refused.has(id) && Math.random() < refusedShare) {
      this.#refused.add(id)
      return 500
    }
    if (this.#taken.has(id)) this.#again++
    else this.told.set(message.conversationId, [...this.told.get(message.conversationId) ?? [], message.seq])
    this.#taken.add(id)
    return 204
  }

  /** How many of the messages that were acknowledged it was not told of. */
  untold ({ acknowledged }: Sender): number {
    let count = 0
    for (const [conversationId, seqs] of acknowledged) {
      const told = new Set(this.told.get(conversationId))
      for (const seq of seqs) if (!told.has(seq)) count++
    }
    return count
  }

  /** Compares what was acknowledged with what came, and with what is listed as delivered. */
  async compare (sender: Sender): Promise<{ summary: string, faults: string[] }> {
    const listed = await this.#list()
    const all = [...this.told.values()]
    const untold = this.untold(sender)
    const disorder = all.reduce((total, seqs) => total + seqs.filter((seq, n) => n > 0 && seq < seqs[n - 1]!).length, 0)
    const unknown = [...this.told].reduce((total, [conversationId, seqs]) => total + seqs.filter(seq => !sender.acknowledged.get(conversationId)?.has(seq)).length, 0)
    const faults = [...new Set(this.faults)]
    if (untold > 0) faults.push(`${untold} messages were not told by webhooks`)
    if (disorder > 0) faults.push(`${disorder} webhooks came out of order`)
    if (listed.length !== this.#taken.size || !listed.every(id => this.#taken.has(id)) || new Set(listed).size !== listed.length) {
      faults.push(`${listed.length} deliveries are listed, ${new Set(listed).size} of them different, of ${this.#taken.size} events`)
    }
    if (unknown > 0) faults.push(`${unknown} webhooks told of messages that were never acknowledged`)
    return { faults, summary: `webhooks: ${this.#taken.size} events told, ${this.#refused.size} refused at first, ${this.#again} told again, out of order ${disorder}; events untold: ${untold}` }
  }
}

/** The ids of the events that are listed as delivered. */
async function listDeliveries (url: string, key: string): Promise<string[]> {
  const ids: string[] = []
  for (let query = '?state=delivered&limit=100'; ;) {
    const response = await fetch(url + query, { headers: { authorization: `Bearer ${key}` } })
    const { deliveries, nextPageToken } = await response.json() as { deliveries: Array<{ eventId: string }>, nextPageToken: string | null }
    ids.push(...deliveries.map(({ eventId }) => eventId))
    if (nextPageToken === null) return ids
    query = `?state=delivered&limit=100&pageToken=${nextPageToken}`
  }
}

/** A key that the operator's command makes. */
async function makeKey (world: World): Promise<string> {
  const child = spawn(process.execPath, ['dist/src/commands/integration.js', 'create', 'Stress', '--scopes', 'trades,messages'], {
    env: { ...process.env, ...world.env }, stdio: ['ignore', 'pipe', 'ignore']
  })
  return (await text(child.stdout)).trim()
}
