import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import type { Test } from 'tap'
import type { Answer, DatabaseClient } from '../../src/database/database-client.js'
import { databaseEndpoint } from './helper.js'

/** What takes the place of one attempt at a call of the database. `attempt` makes it; `count` is that of those before it. */
export type Handler = (attempt: () => Promise<Answer>, count: number) => Promise<Answer>

/**
 * Stands between the client's retries and the wire, so that a fault thrown here is one of the database.
 * @param operation such as `TransactWriteItems`
 */
export function intercept (t: Test, app: { dynamodb: Pick<DatabaseClient, 'aroundAttempts'> }, operation: string, handle: Handler) {
  const remove = app.dynamodb.aroundAttempts(async (call, next) => {
    if (call.operation !== operation) return await next(call)
    return await handle(async () => await next(call), state.count++)
  })
  const state = { count: 0, remove }
  t.teardown(state.remove)
  return state
}

/** The refusal of a transaction, with a reason for each of its writes. */
export function cancelled (...codes: string[]) {
  return new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map(Code => ({ Code }))
  })
}

/** An error as the SDK makes it of a response. */
export function sdkFault (name: string, httpStatusCode?: number) {
  return Object.assign(new Error(name), { name, $metadata: { httpStatusCode } })
}

/** Attempts are made, but the answers of the first ones are lost. */
export function loseAnswer (times: number): Handler {
  return async (attempt, count) => {
    if (count >= times) return await attempt()
    await attempt().catch(() => {})
    throw sdkFault('TimeoutError')
  }
}

/** Takes `share` of the items out of a batch's answer, as a database does that has no capacity left for them. */
export async function leaveUnprocessed (attempt: () => Promise<Answer>, share: number) {
  const answer = await attempt()
  const { Responses } = answer as unknown as { Responses: Record<string, Array<{ pk: string, sk: string }>> }
  for (const [table, items] of Object.entries(Responses)) {
    const left = items.splice(0, Math.ceil(items.length * share))
    if (left.length === 0) continue
    answer.UnprocessedKeys = { [table]: { Keys: left.map(({ pk, sk }) => ({ pk, sk })) } }
  }
  return answer
}

/** A line to the database of the tests that can fail. */
export class Line {
  readonly #server = createServer(socket => this.#accept(socket))
  readonly #sockets = new Set<Socket>()
  #silent = false
  #ahead = 0
  #delay = 0
  #port = 0

  static async open (t: Test): Promise<Line> {
    const line = new Line(new URL(await databaseEndpoint()))
    t.teardown(async () => await line.cut())
    await line.mend()
    return line
  }

  private constructor (readonly target: URL) {}

  get url (): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** Accepts connections and takes what comes, and never answers. */
  silence (): void {
    this.#silent = true
  }

  /** From now on every answer comes later, by some ms. */
  slow (ms: number): void {
    this.#delay = ms
  }

  /** From now on the database's clock seems to be ahead, in ms: that is the same as this machine's being behind. */
  putForward (ms: number): void {
    this.#ahead = ms
  }

  /** Refuses connections. */
  async cut (): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    if (!this.#server.listening) return
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Works (again), at the same place. */
  async mend (): Promise<void> {
    this.#silent = false
    if (this.#server.listening) return
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
  }

  #accept (socket: Socket) {
    const upstream = connect(Number(this.target.port), this.target.hostname)
    for (const [from, to] of [[socket, upstream], [upstream, socket]] as const) {
      this.#sockets.add(from)
      from.on('data', data => {
        if (this.#silent) return
        if (to === upstream) to.write(data)
        else if (this.#delay === 0) to.write(this.#dated(data))
        else setTimeout(() => to.write(this.#dated(data)), this.#delay)
      })
      from.on('error', () => {})
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
  }

  /** A date has the same length as any other. */
  #dated (data: Buffer): Buffer {
    if (this.#ahead === 0) return data
    const text = data.toString('latin1').replace(/^(date: )(.*GMT)/im, (_, name: string, date: string) =>
      name + new Date(Date.parse(date) + this.#ahead).toUTCString())
    return Buffer.from(text, 'latin1')
  }
}
