import { randomUUID } from 'node:crypto'
import { JsonReader } from './json-reader.js'
import { marshalItem } from './marshal.js'
import { unmarshalItem } from './unmarshal.js'

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
  return writeFields(token === null ? rest : { ClientRequestToken: token, ...rest })
}

const writers: Record<string, (value: object) => string> = {
  Item: marshalItem,
  Key: marshalItem,
  ExclusiveStartKey: marshalItem,
  ExpressionAttributeNames: writeNames,
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
  let text = '{'
  for (const name in fields) {
    const value = (fields as Record<string, object | undefined>)[name]
    if (value !== undefined) text += `${text.length > 1 ? ',' : ''}"${name}":${writers[name]?.(value) ?? JSON.stringify(value)}`
  }
  return `${text}}`
}

/** Frozen names are those of a statement that is made again and again. */
const knownNames = new WeakMap<object, string>()

function writeNames (names: object): string {
  const known = knownNames.get(names)
  if (known !== undefined) return known
  const text = JSON.stringify(names)
  if (Object.isFrozen(names)) knownNames.set(names, text)
  return text
}

function list (write: (value: object) => string) {
  return (values: object) => `[${(values as object[]).map(write).join(',')}]`
}

function ofTables (write: (value: object) => string) {
  return (tables: object) => `{${Object.entries(tables).map(([name, value]) => `${JSON.stringify(name)}:${write(value as object)}`).join(',')}}`
}

/** Reads the value of a field of an answer. */
type Reader = (json: JsonReader) => unknown

const readItems: Reader = json => json.list(() => unmarshalItem(json))
const readFieldsOf: Reader = json => readFields(json)

const readers: Readonly<Record<string, Reader>> = {
  Item: unmarshalItem,
  Key: unmarshalItem,
  Attributes: unmarshalItem,
  LastEvaluatedKey: unmarshalItem,
  Items: readItems,
  Keys: readItems,
  // A transaction answers a list of items, a batch a list for each table.
  Responses: json => json.isList ? json.list(() => readFields(json)) : readTables(json, readItems),
  UnprocessedKeys: json => readTables(json, readFieldsOf),
  UnprocessedItems: json => readTables(json, () => json.list(() => readFields(json))),
  PutRequest: readFieldsOf,
  DeleteRequest: readFieldsOf
}

/**
 * Reads an answer, its items in JavaScript's own types.
 * @param body JSON
 * @throws SyntaxError when it is something else
 */
export function readAnswer (body: Buffer): Record<string, unknown> {
  const json = new JsonReader(body)
  const answer = readFields(json)
  json.end()
  return answer
}

function readFields (json: JsonReader): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  json.members(name => {
    // What isn't there is null in some engines' answers.
    if (json.isNull) json.any()
    else fields[name] = readers[name]?.(json) ?? json.any()
  })
  return fields
}

function readTables (json: JsonReader, read: Reader): Record<string, unknown> {
  const tables: Record<string, unknown> = {}
  json.members(name => { tables[name] = read(json) })
  return tables
}
