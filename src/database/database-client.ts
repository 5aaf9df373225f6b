import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'

/** A call of DynamoDB, or one attempt at it. */
export interface Call {
  /** Such as `TransactWriteItems`. */
  operation: string
  /** As ElectroDB wrote it, its items in JavaScript's own types; that of a table command as it is. */
  input: Readonly<Record<string, unknown>>
}

/** What DynamoDB answered, its items in JavaScript's own types. */
export type Answer = Record<string, unknown> & { $metadata: { attempts?: number, httpStatusCode?: number, requestId?: string } }

/** What stands around calls or attempts: sees and may change what goes in, what comes out and what is thrown. */
export type Layer = (call: Call, next: (call: Call) => Promise<Answer>) => Promise<Answer>

/** A way to DynamoDB. */
export interface DatabaseClient {
  /** The stock client with the same settings, for table commands; the layers stand around its calls as well. */
  readonly sdk: DynamoDBClient
  /** Sends a command of a document client, which is what ElectroDB makes. */
  send (command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown>
  /** Makes a call of an operation on data, its items in JavaScript's own types. A transaction whose `ClientRequestToken` is null needs none. */
  call (operation: string, input: Call['input']): Promise<Answer>
  /** Adds a layer around calls, all attempts at one together, inside those that are there. Returns its removal. */
  aroundCalls (layer: Layer): () => void
  /** Adds a layer around attempts: an error thrown there is tried again if one of DynamoDB would be. Its input is final. Returns its removal. */
  aroundAttempts (layer: Layer): () => void
  /** Closes its connections. */
  destroy (): void
}

/** How long each attempt may take, in milliseconds. */
export interface Patience {
  /** Until a connection stands. */
  connect: number
  /** Altogether. */
  attempt: number
}
