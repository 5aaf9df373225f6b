import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchGetCommand, DeleteCommand, GetCommand, PutCommand, QueryCommand, ScanCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { Answer, Call, DatabaseClient, Layer } from './database-client.js'

type Command = Parameters<DynamoDBClient['send']>[0]
/** A middleware's arguments and answer, without the types of one operation. */
interface Arguments { input: Call['input'] }
interface Result { response: unknown, output: Answer }

const commands: Record<string, new (input: never) => object> = {
  GetItem: GetCommand,
  BatchGetItem: BatchGetCommand,
  Query: QueryCommand,
  Scan: ScanCommand,
  PutItem: PutCommand,
  UpdateItem: UpdateCommand,
  DeleteItem: DeleteCommand,
  TransactWriteItems: TransactWriteCommand
}

let layers = 0

/** DynamoDB by way of the AWS SDK's own client. */
export class SdkClient implements DatabaseClient {
  constructor (readonly sdk: DynamoDBClient) {}

  async send (command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown> {
    return await this.sdk.send(command as Command, options)
  }

  async call (operation: string, input: Call['input']): Promise<Answer> {
    // The SDK gives each transaction a token.
    const given = input.ClientRequestToken === null ? { ...input, ClientRequestToken: undefined } : input
    return await this.send(new commands[operation]!(given as never)) as Answer
  }

  aroundCalls (layer: Layer): () => void {
    const name = `layer-${++layers}`
    this.sdk.middlewareStack.add(middlewareOf(layer) as never, { name, step: 'initialize' })
    return () => { this.sdk.middlewareStack.remove(name) }
  }

  aroundAttempts (layer: Layer): () => void {
    const name = `layer-${++layers}`
    // Between the retries and the wire.
    this.sdk.middlewareStack.add(middlewareOf(layer) as never, { name, step: 'finalizeRequest', priority: 'low' })
    return () => { this.sdk.middlewareStack.remove(name) }
  }

  destroy (): void {
    this.sdk.destroy()
  }
}

function middlewareOf (layer: Layer) {
  return (next: (args: Arguments) => Promise<Result>, context: { commandName?: string }) => async (args: Arguments): Promise<Result> => {
    let response: unknown
    const operation = String(context.commandName).replace(/Command$/, '')
    const output = await layer({ operation, input: args.input }, async ({ input }) => {
      const result = await next({ ...args, input })
      response = result.response
      return result.output
    })
    return { response, output }
  }
}
