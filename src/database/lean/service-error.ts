import * as sdk from '@aws-sdk/client-dynamodb'
import type { HttpAnswer } from './post.js'

interface ErrorBody {
  __type?: string
  code?: string
  message?: string
  Message?: string
  [member: string]: unknown
}

type ExceptionClass = new (options: object) => Error

/**
 * The SDK's own exception for an answer that is an error.
 * @param metadata what the exception tells of the answer
 */
export function serviceError ({ status, headers, body: bytes }: HttpAnswer, metadata: object): Error {
  const body = parse(bytes.toString())
  const { __type, code, message = body.Message ?? 'UnknownError', Message, ...members } = body
  const name = errorName(headers['x-amzn-errortype'] ?? code ?? __type)
  const options = { name, message, $metadata: metadata, $fault: status < 500 ? 'client' : 'server', ...members }
  const Exception = exceptionClass(name)
  if (Exception === undefined) return Object.assign(new sdk.DynamoDBServiceException(options as never), members)
  return Object.assign(new Exception(options), members)
}

/** What stands between here and the service may answer with something else than JSON. */
function parse (text: string): ErrorBody {
  try {
    const body: unknown = JSON.parse(text, fromBase64)
    return typeof body === 'object' && body !== null ? body as ErrorBody : {}
  } catch {
    return { message: text.slice(0, 1000) }
  }
}

/** The binary values of items, which the SDK leaves in DynamoDB's own form otherwise. An attribute may be named so too, but its value is an object. */
function fromBase64 (key: string, value: unknown): unknown {
  if (key === 'B' && typeof value === 'string') return Uint8Array.from(Buffer.from(value, 'base64'))
  return key === 'BS' && Array.isArray(value) ? value.map((text: string) => Uint8Array.from(Buffer.from(text, 'base64'))) : value
}

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…` by its name. */
function errorName (code: unknown): string {
  const [text] = [code ?? 'Unknown'].flat()
  return String(text).split(',', 1)[0]!.split(':', 1)[0]!.split('#').at(-1)!
}

function exceptionClass (name: string): ExceptionClass | undefined {
  const found: unknown = name.endsWith('Exception') || name.endsWith('Exceeded') || name.endsWith('Error')
    ? (sdk as unknown as Record<string, unknown>)[name]
    : undefined
  return typeof found === 'function' && found.prototype instanceof Error ? found as ExceptionClass : undefined
}
