import { defined } from './defined.js'
import type { BackoffOptions } from './backoff.js'
import type { ChatError } from './errors.js'
import type { TokenSource } from './token.js'

/** What every client needs to know. */
export interface ServerOptions {
  /** Where the server is, e.g. `https://chat.example`; in a page it may be relative to the page. */
  baseUrl: string
  token: TokenSource
  /** By default the environment's own. */
  fetch?: typeof globalThis.fetch | undefined
  /** How long a call may take, in milliseconds; 15,000 by default. */
  timeout?: number | undefined
  /** The language in which problems are worded (BCP 47); by default the environment's own, where it has one. */
  locale?: string | undefined
}

const isTime = (value: unknown) => typeof value === 'number' && value > 0 && value < 2 ** 31
const isFunction = (value: unknown) => typeof value === 'function'
const isText = (value: unknown) => typeof value === 'string' && value !== ''
const text = ['a text', isText] as const
const time = ['milliseconds, above 0', isTime] as const
const callable = ['a function', isFunction] as const

/** What options must be. */
const rules: Record<string, readonly [what: string, is: (value: unknown) => boolean]> = {
  baseUrl: ['an http(s) URL without a query', value => typeof value === 'string' && absolute(value) !== undefined],
  token: ['a token or a function', value => isFunction(value) || isText(value)],
  fetch: callable,
  timeout: time,
  onError: callable,
  locale: text,
  pageSize: ['from 1 to 100', value => Number.isInteger(value) && (value as number) > 0 && (value as number) <= 100],
  since: text,
  WebSocket: callable,
  transport: ['auto or eventStream', value => value === 'auto' || value === 'eventStream'],
  backoff: ['{ base, cap } in milliseconds', value => {
    const { base, cap } = Object(value) as { base?: unknown, cap?: unknown }
    return isTime(base) && isTime(cap)
  }],
  connectTimeout: time,
  heartbeatGrace: time
}
const required = ['baseUrl', 'token']

/** Options that were checked: what clients need is there. */
export type Checked<Options> = Options & Required<ServerOptions> & {
  backoff: BackoffOptions
  connectTimeout: number
  heartbeatGrace: number
  onError: (error: ChatError) => void
}

/**
 * Checks the options of a client.
 * @returns those that are given, and the defaults of the others; the URL is absolute and has no slash at its end
 * @throws TypeError the first thing that is wrong, in a sentence
 */
export function checkOptions<Options extends ServerOptions & { onError?: ((error: ChatError) => void) | undefined }> (options: Options): Checked<Options> {
  // The environment's own is looked up each time, because others may replace it.
  const fetch = (...call: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...call)
  const given: Record<string, unknown> = {
    fetch,
    timeout: 15_000,
    backoff: { base: 500, cap: 30_000 },
    connectTimeout: 10_000,
    heartbeatGrace: 8_000,
    ...Object.fromEntries(defined(options))
  }
  for (const [name, [what, is]] of Object.entries(rules)) {
    const value = given[name]
    if (value === undefined ? required.includes(name) : !is(value)) throw new TypeError(`The option ${name} must be ${what}`)
  }
  // As everywhere: what the app's own function throws is uncaught, and nothing else is ended by it.
  const onError = (error: ChatError) => queueMicrotask(() => options.onError?.(error))
  return { ...given, onError, baseUrl: absolute(options.baseUrl) } as Checked<Options>
}

/** @returns undefined for what is no URL of a server */
function absolute (baseUrl: string): string | undefined {
  try {
    const { href, protocol, search, hash, username } = new URL(baseUrl, globalThis.location?.href)
    return /^https?:$/.test(protocol) && search + hash + username === '' ? href.replace(/\/+$/, '') : undefined
  } catch {
    // What URL() doesn't understand is none.
    return undefined
  }
}
