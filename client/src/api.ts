import type { paths } from '../../openapi/client/http.js'
import { shapes } from '../../openapi/client/shapes.js'
import { createCaller, type Answer, type Call } from './caller.js'
import { ownError, type ChatError } from './errors.js'
import { checkOptions, type ServerOptions } from './options.js'
import { faultOf, type Shape } from './shape.js'

type Method = 'get' | 'post' | 'put' | 'delete'
type Json<Content> = Content extends { content: { 'application/json': infer Body } } ? Body
  : Content extends { content: { 'application/x-ndjson': infer Line } } ? Line[] : never
type Success = 200 | 201 | 202 | 204
/** What an operation answers with if all goes well: undefined if that is nothing; never if it isn't JSON. */
type Body<Operation> = Operation extends { responses: infer Responses }
  ? { [Status in keyof Responses & Success]: Status extends 204 ? undefined : Json<Responses[Status]> }[keyof Responses & Success]
  : never
type PathsOf<Name extends Method> = { [Path in keyof paths]: Body<paths[Path][Name]> extends never ? never : Path }[keyof paths]

/** The parameters of an operation; the object may be left out if all of them may. */
type Params<Operation> = Operation extends { parameters: infer Parameters }
  ? { [Name in keyof Parameters as object extends Pick<Parameters, Name> ? never : Name]: Parameters[Name] } extends Record<string, never>
      ? { params?: Parameters }
      : { params: Parameters }
  : never
type Sent<Operation> = Operation extends { requestBody: infer Request } ? { body: Json<Request> } : { body?: never }
type Init<Operation> = Params<Operation> & Sent<Operation> & {
  /** Calls it off: the error is `aborted` then. */
  signal?: AbortSignal
}

/** A call by its path. It takes its own parameters and nothing else. */
type TypedCall<Name extends Method> = <Path extends PathsOf<Name>>(
  path: Path, ...init: object extends Init<paths[Path][Name]> ? [init?: Init<paths[Path][Name]>] : [init: Init<paths[Path][Name]>]
) => Promise<Answer<Body<paths[Path][Name]>>>

/**
 * The calls of the HTTP API. They never reject: each resolves to what was answered, as `data`, or to what went wrong, as `error`. Where there is nothing
 * to answer (204) `data` is undefined, as is `error`.
 */
export interface ApiClient {
  GET: TypedCall<'get'>
  POST: TypedCall<'post'>
  PUT: TypedCall<'put'>
  DELETE: TypedCall<'delete'>
}

export interface ApiOptions extends ServerOptions {
  /** Is told of answers that don't fit their schema, besides whoever has called. */
  onError?: ((error: ChatError) => void) | undefined
}

/**
 * A client of the HTTP API: paths, parameters, bodies, answers and problems are typed by the server's own schemas.
 * @throws TypeError if an option is wrong
 */
export function createClient (options: ApiOptions): ApiClient {
  const given = checkOptions(options)
  return createApi(createCaller(given), given.onError)
}

/** The typed calls that a caller makes: what is answered fits its schema, or is an error. */
export function createApi (call: Call, onError?: (error: ChatError) => void): ApiClient {
  const by = (method: string) => async (path: string, init?: object) => {
    const answer = checked(`${method} ${path}`, await call(method, path, init))
    if (answer.error?.code === 'unexpected_answer') onError?.(answer.error)
    return answer
  }
  // What answers are is only known by the documents, which the compiler can't see from here.
  return { GET: by('GET'), POST: by('POST'), PUT: by('PUT'), DELETE: by('DELETE') } as ApiClient
}

function checked (operation: string, answer: Answer): Answer {
  const shape = shapes.answers[operation]
  if (answer.error !== undefined || shape === undefined) return answer
  const { response } = answer
  const detail = faultOf(operation, shape as Shape, answer.data)
  return detail === undefined ? answer : { error: ownError('unexpected_answer', detail, { status: response.status, retryable: false }), response }
}
