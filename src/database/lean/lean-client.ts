import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { getEndpointFromInstructions } from '@smithy/core/endpoints'
import type { StandardRetryStrategy } from '@smithy/core/retry'
import type { DatabaseClock } from '../clock.js'
import type { Answer, Call, DatabaseClient, Layer, Patience } from '../database-client.js'
import { SdkClient } from '../sdk-client.js'
import { Layers } from './layers.js'
import { operationOf, readAnswer, writeInput } from './operations.js'
import { Poster, type HttpAnswer } from './post.js'
import { Retries } from './retries.js'
import { serviceError } from './service-error.js'
import { Signer } from './signer.js'

/** A difference in time that services refuse signatures for, with a margin, in ms: they bear five minutes. */
const tooFar = 240_000

/** A call on its way: its body is the same in every attempt, so that DynamoDB knows a transaction that comes twice. */
interface SentCall extends Call {
  body: string
  signal?: AbortSignal
}

/** Where requests go, for credentials of one account. */
interface Destination {
  accountId: string | undefined
  origin: string
  signer: Signer
}

/**
 * DynamoDB without the SDK's middleware in the way of each operation on data: parameters are written as JSON, signed and
 * posted. Credentials, the endpoint, the rules for retries and the classes of errors are the SDK's, and so is every other command.
 */
export class LeanClient implements DatabaseClient {
  readonly #calls = new Layers(async call => await this.#call(call as SentCall))
  readonly #attempts = new Layers(async call => await this.#attempt(call as SentCall))
  readonly #retries: Retries
  readonly #poster: Poster
  readonly #stock: SdkClient
  #destination: Destination | undefined

  /**
   * @param sdk whose settings apply
   * @param strategy the one of its retries
   * @param clock follows the answers, so that signatures hold where this machine's clock is wrong
   */
  constructor (readonly sdk: DynamoDBClient, strategy: StandardRetryStrategy, patience: Patience, private readonly clock: DatabaseClock) {
    this.#stock = new SdkClient(sdk)
    this.#poster = new Poster(patience)
    this.#retries = new Retries(strategy)
  }

  async send (command: object, { abortSignal: signal }: { abortSignal?: AbortSignal } = {}): Promise<unknown> {
    const operation = operationOf(command)
    if (operation === undefined) return await this.#stock.send(command, { abortSignal: signal })
    const { input } = command as { input: Call['input'] }
    return await this.#calls.run({ operation, input, signal } as Call)
  }

  async call (operation: string, input: Call['input']): Promise<Answer> {
    return await this.#calls.run({ operation, input })
  }

  aroundCalls (layer: Layer): () => void {
    return both(this.#stock.aroundCalls(layer), this.#calls.add(layer))
  }

  aroundAttempts (layer: Layer): () => void {
    return both(this.#stock.aroundAttempts(layer), this.#attempts.add(layer))
  }

  destroy (): void {
    this.#stock.destroy()
    this.#poster.destroy()
  }

  async #call (call: SentCall): Promise<Answer> {
    const { operation, input, signal } = call
    const sent: SentCall = { operation, input, signal, body: writeInput(operation, input) }
    return await this.#retries.run(async () => await this.#attempts.run(sent), signal)
  }

  async #attempt ({ operation, body, signal }: SentCall): Promise<Answer> {
    const identity = await this.sdk.config.credentials()
    const known = this.#destination
    const { origin, signer } = known !== undefined && known.accountId === identity.accountId ? known : await this.#locate(identity.accountId)
    const signedFor = this.clock.now()
    const sentAt = performance.now()
    const headers = signer.sign(identity, `DynamoDB_20120810.${operation}`, body, signedFor)
    const answer = await this.#poster.post(origin, headers, body, signal)
    const receivedAt = performance.now()
    this.clock.observe(answer.headers.date as string | undefined, sentAt, receivedAt)
    const metadata = metadataOf(answer)
    if (answer.status >= 300) {
      // Refused for nothing but its time, it is tried again.
      const clockSkewCorrected = Math.abs(this.clock.now() - receivedAt + sentAt - signedFor) >= tooFar
      throw serviceError(answer, clockSkewCorrected ? { ...metadata, clockSkewCorrected } : metadata)
    }
    return Object.assign(readAnswer(answer.body), { $metadata: metadata })
  }

  /** Accounts may have endpoints of their own; settings and files of the SDK may name another. */
  async #locate (accountId: string | undefined): Promise<Destination> {
    const { config } = this.sdk
    const { url, properties } = await getEndpointFromInstructions({}, GetItemCommand, config)
    const [scheme] = properties?.authSchemes as Array<{ signingRegion?: string }> ?? []
    const region = scheme?.signingRegion ?? await config.region()
    return this.#destination = { accountId, origin: url.origin, signer: new Signer(url.host, region) }
  }
}

function metadataOf ({ status, headers }: HttpAnswer) {
  return { httpStatusCode: status, requestId: headers['x-amzn-requestid'] as string | undefined }
}

function both (one: () => void, other: () => void) {
  return () => { one(); other() }
}
