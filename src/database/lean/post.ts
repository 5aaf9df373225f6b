import { Agent, type Dispatcher } from 'undici'
import type { Patience } from '../database-client.js'
import { abortError } from './abort.js'

/** An answer over HTTP. */
export interface HttpAnswer {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
}

const maxConnections = 128
/** How long an idle connection is kept, in milliseconds. DynamoDB's side ends it after a minute. */
const keepAlive = 50_000

/** Posts over connections that are kept. */
export class Poster {
  readonly #agent: Agent

  constructor (private readonly patience: Patience) {
    this.#agent = new Agent({
      connections: maxConnections,
      pipelining: 1,
      keepAliveTimeout: keepAlive,
      keepAliveMaxTimeout: keepAlive,
      connect: { timeout: patience.connect },
      // One time-out bounds the whole of an attempt, the wait for a connection included.
      headersTimeout: 0,
      bodyTimeout: 0
    })
  }

  /**
   * Posts a body to the root of an origin.
   * @throws Error as the SDK's handler does: `TimeoutError`, `AbortError`, or one with the code of a fault of the network
   */
  async post (origin: string, headers: Record<string, string>, body: string, signal?: AbortSignal): Promise<HttpAnswer> {
    return await new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(abortError())
      this.#agent.dispatch({ origin, path: '/', method: 'POST', headers, body }, new Exchange(resolve, reject, this.patience.attempt, signal))
    })
  }

  /** Ends all connections, those in use too. */
  destroy (): void {
    this.#agent.destroy(() => {})
  }
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  #status = 0
  #headers: HttpAnswer['headers'] = {}
  #chunks: Buffer[] = []
  #controller: Dispatcher.DispatchController | undefined
  /** Why it was given up: it may still wait for a connection, and is ended when it gets one. */
  #givenUp: Error | undefined
  readonly #timer: NodeJS.Timeout
  readonly #onAbort: (() => void) | undefined

  constructor (
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (error: Error) => void,
    patience: number,
    private readonly signal: AbortSignal | undefined
  ) {
    this.#timer = setTimeout(giveUpOn, patience, this, patience)
    if (signal === undefined) return
    this.#onAbort = () => this.giveUp(abortError())
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  giveUp (error: Error): void {
    this.#givenUp = error
    this.#end()
    this.#controller?.abort(error)
    this.reject(error)
  }

  onRequestStart (controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#givenUp !== undefined) controller.abort(this.#givenUp)
  }

  onResponseStart (_: Dispatcher.DispatchController, status: number, headers: HttpAnswer['headers']): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData (_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd (): void {
    this.#end()
    const [first] = this.#chunks
    const body = this.#chunks.length === 1 ? first! : Buffer.concat(this.#chunks)
    this.resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError (_: Dispatcher.DispatchController, error: Error): void {
    if (this.#givenUp !== undefined) return
    this.#end()
    this.reject(networkFault(error))
  }

  #end () {
    clearTimeout(this.#timer)
    if (this.#onAbort !== undefined) this.signal?.removeEventListener('abort', this.#onAbort)
  }
}

function giveUpOn (exchange: Exchange, patience: number) {
  exchange.giveUp(timedOut(`DynamoDB did not answer within ${patience} ms`))
}

const timedOut = (message: string, cause?: unknown) =>
  Object.assign(new Error(message, { cause }), { name: 'TimeoutError', code: 'ETIMEDOUT' })

/** Puts undici's faults into the names and codes that the SDK's rules for retries know. */
function networkFault (error: Error & { code?: string }): Error {
  switch (error.code) {
    case 'UND_ERR_CONNECT_TIMEOUT': return timedOut(error.message, error)
    case 'UND_ERR_SOCKET': return Object.assign(new Error(error.message, { cause: error }), { name: 'TimeoutError', code: 'ECONNRESET' })
    case 'ECONNRESET': case 'EPIPE': case 'ETIMEDOUT': return Object.assign(error, { name: 'TimeoutError' })
    default: return error
  }
}
