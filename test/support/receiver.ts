import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Test } from 'tap'
import type { WebhookEvent } from '../../schemas/webhook-event.js'

/** What came at a receiver. */
export interface Received {
  path: string
  headers: IncomingHttpHeaders & { 'webhook-id'?: string }
  body: string
  event: WebhookEvent
}

type Answer = number | ((response: ServerResponse, request: IncomingMessage) => void)

/** A receiver of webhooks on this machine, which keeps what it gets and answers as it is told. */
export class Receiver {
  readonly received: Received[] = []
  /** How many connections came. */
  connections = 0
  /** A status, or what is done with a response. */
  answer: (received: Received, count: number) => Answer = () => 204
  #wake: () => void = () => {}
  readonly #server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const received = { path: request.url ?? '', headers: request.headers, body, event: (body === '' ? undefined : JSON.parse(body)) as WebhookEvent }
    const answer = this.answer(received, this.received.push(received) - 1)
    if (typeof answer === 'number') response.writeHead(answer).end()
    else answer(response, request)
    this.#wake()
  })

  /** @param host of this machine */
  static async open (t: Test, host = '127.0.0.1', port = 0): Promise<Receiver> {
    const receiver = new Receiver()
    receiver.#server.on('connection', () => { receiver.connections++ })
    receiver.#server.listen(port, host)
    await once(receiver.#server, 'listening')
    t.teardown(async () => await receiver.close())
    return receiver
  }

  /** Is gone: nothing listens at its place. */
  async close (): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  get port (): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url (): string {
    return `http://127.0.0.1:${this.port}/events`
  }

  /** Waits until something holds of what has come, which is looked at whenever more does. */
  async until (holds: (received: readonly Received[]) => boolean, patience = 60_000): Promise<void> {
    const end = Date.now() + patience
    while (!holds(this.received)) {
      const left = end - Date.now()
      if (left <= 0) throw new Error(`It didn't come to that; there came ${this.received.map(({ event }) => event.type).join(', ')}`)
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => { clearTimeout(timer); resolve() }
      })
    }
  }
}

/**
 * Whether a request that came at some time is signed with a secret, by the public library: that it takes no others than of now is
 * tried elsewhere, so that its clock is set to the time that the request names.
 */
export function isSignedThen (secret: string, { body, headers }: Pick<Received, 'body' | 'headers'>): boolean {
  const { now } = Date
  Date.now = () => Number(headers['webhook-timestamp']) * 1000
  try {
    return isSignedWith(secret, { body, headers })
  } finally {
    Date.now = now
  }
}

/** Whether a request that came is signed with a secret, by the public library; its clock is that of this machine. */
export function isSignedWith (secret: string, { body, headers }: Pick<Received, 'body' | 'headers'>): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
