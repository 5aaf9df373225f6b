import { randomUUID } from 'node:crypto'
import { marshalItem } from './marshal.js'
import { unmarshalItem, type WireItem } from './unmarshal.js'

/** The operations on data, by the names of a document client's commands. */
const operations = new Map(Object.entries({
  GetCommand: 'GetItem',
  BatchGetCommand: 'BatchGetItem',
  QueryCommand: 'Query',
  ScanCommand: 'Scan',
  TransactGetCommand: 'TransactGetItems',
  PutCommand: 'PutItem',
  UpdateCommand: 'UpdateItem',
  DeleteCommand: 'DeleteItem',
  BatchWriteCommand: 'BatchWriteItem',
  TransactWriteCommand: 'TransactWriteItems'
}))

/** The operation that a command asks for, if it is one on data and of a document client: only those hold the client's own command. */
export function operationOf (command: object): string | undefined {
  return 'clientCommand' in command ? operations.get(command.constructor.name) : undefined
}

/**
 * Writes the body of a request. The parameters that DynamoDB calls legacy (`Expected`, `AttributeUpdates`, `KeyConditions` …) are
 * not converted.
 * @param input the parameters of a document client; a transaction gets a token unless it has one, or null
 */
export function writeInput (operation: string, input: object): string {
  if (operation !== 'TransactWriteItems') return writeFields(input)
  // With a token a transaction whose answer was lost can be sent again.
  const { ClientRequestToken: token = randomUUID(), ...rest } = input as { ClientRequestToken?: string | null }
  return writeFields(token === null ? rest : { ...rest, ClientRequestToken: token })
}

const writers: Record<string, (value: object) => string> = {
  Item: marshalItem,
  Key: marshalItem,
  ExclusiveStartKey: marshalItem,
  ExpressionAttributeValues: marshalItem,
  Keys: list(marshalItem),
  TransactItems: list(writeFields),
  Put: writeFields,
  Update: writeFields,
  Delete: writeFields,
  ConditionCheck: writeFields,
  Get: writeFields,
  PutRequest: writeFields,
  DeleteRequest: writeFields,
  RequestItems: ofTables(requests => Array.isArray(requests) ? list(writeFields)(requests) : writeFields(requests))
}

function writeFields (fields: object): string {
  const parts: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) parts.push(`"${name}":${writers[name]?.(value as object) ?? JSON.stringify(value)}`)
  }
  return `{${parts.join(',')}}`
}

function list (write: (value: object) => string) {
  return (values: object) => `[${(values as object[]).map(write).join(',')}]`
}

function ofTables (write: (value: object) => string) {
  return (tables: object) => `{${Object.entries(tables).map(([name, value]) => `${JSON.stringify(name)}:${write(value as object)}`).join(',')}}`
}

const readers: Record<string, (value: never) => unknown> = {
  Item: unmarshalItem,
  Key: unmarshalItem,
  Attributes: unmarshalItem,
  LastEvaluatedKey: unmarshalItem,
  Items: (items: WireItem[]) => items.map(unmarshalItem),
  Keys: (keys: WireItem[]) => keys.map(unmarshalItem),
  // A transaction answers a list of items, a batch a list for each table.
  Responses: (responses: object[] | Record<string, WireItem[]>) => Array.isArray(responses)
    ? responses.map(readAnswer)
    : mapTables(responses, items => items.map(unmarshalItem)),
  UnprocessedKeys: (tables: Record<string, object>) => mapTables(tables, readAnswer),
  UnprocessedItems: (tables: Record<string, object[]>) => mapTables(tables, requests => requests.map(readAnswer)),
  PutRequest: readAnswer,
  DeleteRequest: readAnswer
}

/** Puts the items of an answer that came as JSON into JavaScript's own types. */
export function readAnswer (wire: object): Record<string, unknown> {
  const answer: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(wire)) {
    // What isn't there is null in some engines' answers.
    if (value !== null) answer[name] = readers[name] === undefined ? value : readers[name](value as never)
  }
  return answer
}

function mapTables<Value> (tables: Record<string, Value>, read: (value: Value) => unknown) {
  return Object.fromEntries(Object.entries(tables).map(([name, value]) => [name, read(value)]))
}
