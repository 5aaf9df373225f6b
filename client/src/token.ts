import { ownError, type ChatError } from './errors.js'

/**
 * A token, or what fetches one, now or later: it is asked once for all who need one at that time, again 30 s before the token
 * expires (or when a quarter of its time is left, if that is later), and after the server has refused a token. It must answer within 30 s.
 */
export type TokenSource = string | (() => string | Promise<string>)

/** How long before its end a token is renewed, in milliseconds. */
const lead = 30_000
/** How long a function may take, in milliseconds. */
const patience = 30_000

/** A token, and if it couldn't be renewed in time why; without one, why. */
export type Held = { token: string, error?: ChatError } | { token?: undefined, error: ChatError }

const keepers = new WeakMap<() => unknown, TokenKeeper>()

/** Keeps the token of a source while it is good. All clients made with the same function share one. */
export class TokenKeeper {
  /** When to ask for the next token, in ms since the epoch; Infinity if only the server will tell. */
  renewAt = Infinity
  #token: string | undefined
  #expiresAt = Infinity
  #asking: Promise<Held> | undefined

  private constructor (private readonly source: Exclude<TokenSource, string>, readonly isRenewable: boolean) {}

  static of (source: TokenSource): TokenKeeper {
    if (typeof source === 'string') return new TokenKeeper(() => source, false)
    const keeper = keepers.get(source) ?? new TokenKeeper(source, true)
    keepers.set(source, keeper)
    return keeper
  }

  /**
   * A token to use now. It never rejects.
   * @param refused a token that the server didn't accept: another one is wanted, if there is any
   */
  async get (refused?: string): Promise<Held> {
    const token = this.#token
    const isGood = token !== undefined && token !== refused && Date.now() < this.#expiresAt
    if (isGood && Date.now() < this.renewAt) return { token }
    this.#asking ??= this.#ask().finally(() => { this.#asking = undefined })
    const held = await this.#asking
    return held.token === undefined && isGood ? { token, error: held.error } : held
  }

  async #ask (): Promise<Held> {
    let timer: ReturnType<typeof setTimeout> | undefined
    try {
      const token = await Promise.race([this.source(), new Promise<never>((_resolve, reject) => { timer = setTimeout(reject, patience, ownError('timed_out')) })])
      // Nothing else could stand in a header.
      if (typeof token !== 'string' || !/^[\x20-\x7e]+$/.test(token)) throw new TypeError('That is no token')
      this.#token = token
      const expiry = expiryOf(token)
      // One that has run out by this clock is the server's to judge: clocks differ.
      this.#expiresAt = expiry > Date.now() ? expiry : Infinity
      return { token }
    } catch (cause) {
      return { error: ownError('token_unavailable', undefined, { cause }) }
    } finally {
      clearTimeout(timer)
      this.#schedule()
    }
  }

  /** The next time in time; what failed is tried again after a part of what is left. */
  #schedule () {
    const left = this.#expiresAt - Date.now()
    this.renewAt = Date.now() + Math.max(left - lead, left * 0.75, 1000)
  }
}

/** When a token expires, in ms since the epoch; Infinity for a token that doesn't tell. */
export function expiryOf (token: string): number {
  const { exp } = claimsOf(token)
  return typeof exp === 'number' ? exp * 1000 : Infinity
}

/** What a token says, were it valid or not; nothing if it can't be read. */
export function claimsOf (token: string): { exp?: unknown, sub?: unknown } {
  const [, payload = ''] = token.split('.')
  try {
    // Read byte by byte: user ids and times are ASCII.
    return Object(JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))))
  } catch {
    // Whether a token is valid is for the server to say.
    return {}
  }
}
