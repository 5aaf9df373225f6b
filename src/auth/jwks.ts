import { createRemoteJWKSet, type CryptoKey, type JWTHeaderParameters } from 'jose'
import { ProblemError } from '../wire/problem-error.js'

export interface FindKey {
  /**
   * Finds the key that a token's protected header names.
   * @returns undefined where the issuer has no such key, as a fetch since the token came has shown
   * @throws ProblemError keys_unavailable, with Retry-After, where it may have one
   */
  (header: JWTHeaderParameters): Promise<CryptoKey | undefined>
  /** Names the fetch that the keys are from; undefined where another one is due. */
  current: () => number | undefined
}

interface RemoteKeysOptions {
  /** The least time between two fetches that unknown keys cause, in ms. */
  cooldown?: number
  /** The least time between a failed fetch and the next, in ms. */
  retryDelay?: number
  /** How long fetched keys are used before they are fetched again, in ms. */
  maxAge?: number
  /** The longest fetch, in ms. */
  timeout?: number
  /** Is told of every failed fetch. */
  onFailure?: (error: unknown) => void
}

/**
 * The public keys that a token issuer publishes (RFC 7517), fetched when first needed.
 * @param url where the issuer publishes them
 */
export function remoteKeys (url: string, {
  cooldown = 30_000, retryDelay = 5_000, maxAge = 600_000, timeout = 2_000, onFailure = () => {}
}: RemoteKeysOptions = {}): FindKey {
  // jose fetches and selects; when to fetch is decided here. Its own cooldown counts from the last success, so that
  // every token would cause a fetch while the issuer is down, and past its cacheMaxAge it refuses the keys it has.
  const keys = createRemoteJWKSet(new URL(url), {
    timeoutDuration: timeout, cooldownDuration: Infinity, cacheMaxAge: Infinity
  })
  let fetchedAt = -Infinity
  let startedAt = -Infinity
  let nextFetchAt = -Infinity
  let failure: { error: unknown } | undefined
  let fetching: Promise<void> | undefined

  async function fetchKeys () {
    startedAt = performance.now()
    nextFetchAt = startedAt + cooldown
    try {
      await keys.reload()
      fetchedAt = performance.now()
      failure = undefined
    } catch (error) {
      nextFetchAt = performance.now() + retryDelay
      failure = { error }
      onFailure(error)
    } finally {
      fetching = undefined
    }
  }

  async function refresh () {
    if (fetching === undefined && performance.now() >= nextFetchAt) fetching = fetchKeys()
    await fetching
  }

  const find = async (header: JWTHeaderParameters) => {
    if (fetchedAt === -Infinity) return undefined
    try {
      return await keys(header)
    } catch {
      // No key fits, or several do, or the one that does can't be imported. With the options above jose fetches nothing
      // here, so that a failed fetch can't hide among them.
      return undefined
    }
  }

  /** Why an unknown key may be the issuer's all the same: the last fetch failed, or began too early to tell. */
  function unavailable () {
    const seconds = Math.max(1, Math.ceil((nextFetchAt - performance.now()) / 1000))
    const detail = failure === undefined ? 'key_unknown_yet' as const : undefined
    return new ProblemError('keys_unavailable', detail, { headers: { 'retry-after': String(seconds) }, cause: failure?.error })
  }

  const isDue = (now: number) => now >= fetchedAt + maxAge

  const findInTime = async (header: JWTHeaderParameters) => {
    const cameAt = performance.now()
    if (isDue(cameAt)) {
      const refreshing = refresh()
      // Keys outlive their age while the issuer is down: it can't sign in anybody meanwhile, and what it signed before
      // expires. Nobody waits a second time for an issuer that has just failed.
      if (failure === undefined) await refreshing
    }
    const known = await find(header)
    if (known !== undefined) return known
    await refresh()
    const found = await find(header)
    // A fetch that others caused before may have been answered before the issuer had the key. Refusing a token for that
    // would end its user's session, which somebody's made-up tokens could then bring about at will.
    if (found === undefined && (failure !== undefined || startedAt < cameAt)) throw unavailable()
    return found
  }

  return Object.assign(findInTime, { current: () => isDue(performance.now()) ? undefined : fetchedAt })
}
