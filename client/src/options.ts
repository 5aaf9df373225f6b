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
}

const longest = 2 ** 31 - 1
const isTime = (value: unknown) => typeof value === 'number' && value > 0 && value <= longest
const isFunction = (value: unknown) => typeof value === 'function'
const time = ['a number of milliseconds, above 0', isTime] as const
const callable = ['a function', isFunction] as const

/** What options must be, where they are given. */
const rules: Record<string, readonly [what: string, is: (value: unknown) => boolean]> = {
  baseUrl: ['an http or https URL without a query', value => typeof value === 'string' && absolute(value) !== undefined],
  token: ['a token or a function that gets one', value => isFunction(value) || (typeof value === 'string' && value !== '')],
  fetch: callable,
  timeout: time,
  onError: callable,
  since: ['a cursor', value => typeof value === 'string' && value !== ''],
  WebSocket: callable,
  transport: ['auto or eventStream', value => value === 'auto' || value === 'eventStream'],
  backoff: ['{ base, cap } in milliseconds', value => {
    const { base, cap } = Object(value) as { base?: unknown, cap?: unknown }
    return isTime(base) && isTime(cap)
  }],
  connectTimeout: time,
  heartbeatGrace: time
}

/**
 * Checks the options of a client.
 * @returns them, the URL made absolute and without a slash at its end, what is left out given its default
 * @throws TypeError the first thing that is wrong, in a sentence
 */
export function checkOptions<Options extends ServerOptions> (options: Options): Options & { fetch: typeof globalThis.fetch, timeout: number } {
  const given: Options = { ...options }
  for (const [name, [what, is]] of Object.entries(rules)) {
    const value = given[name as keyof Options]
    const isMissing = value === undefined && (name === 'baseUrl' || name === 'token')
    if (isMissing || (value !== undefined && !is(value))) throw new TypeError(`The option ${name} must be ${what}`)
  }
  if (given.fetch === undefined && !isFunction(globalThis.fetch)) throw new TypeError('There is no fetch here: give one as an option')
  // The environment's own is looked up each time, because others may replace it.
  const { fetch = async (...call: Parameters<typeof globalThis.fetch>) => await globalThis.fetch(...call), timeout = 15_000 } = given
  return { ...given, fetch, timeout, baseUrl: absolute(given.baseUrl) }
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
