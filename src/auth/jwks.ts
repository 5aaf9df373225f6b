import { createRemoteJWKSet, type CryptoKey, type JWTHeaderParameters } from 'jose'
import { ProblemError } from '../wire/problem-error.js'

/** Finds the key that a token's protected header names; undefined where the issuer has no such key. */
export type FindKey = (header: JWTHeaderParameters) => Promise<CryptoKey | undefined>

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
 * @returns finds a key; throws ProblemError keys_unavailable where it may exist but can't be fetched
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
  let nextFetchAt = -Infinity
  let failure: { error: unknown } | undefined
  let fetching: Promise<void> | undefined

  async function fetchKeys () {
    nextFetchAt = performance.now() + cooldown
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

  const find: FindKey = async header => {
    if (fetchedAt === -Infinity) return undefined
    try {
      return await keys(header)
    } catch {
      // No key fits, or several do, or the one that does can't be imported. With the options above jose fetches nothing
      // here, so that a failed fetch can't hide among them.
      return undefined
    }
  }

  return async header => {
    if (performance.now() >= fetchedAt + maxAge) {
      const refreshing = refresh()
      // Keys outlive their age while the issuer is down: it can't sign in anybody meanwhile, and what it signed before
      // expires. Nobody waits a second time for an issuer that has just failed.
      if (failure === undefined) await refreshing
    }
    const known = await find(header)
    if (known !== undefined) return known
    await refresh()
    const found = await find(header)
    if (found !== undefined || failure === undefined) return found
    throw new ProblemError('keys_unavailable', undefined, { headers: { 'retry-after': '5' }, cause: failure.error })
  }
}
