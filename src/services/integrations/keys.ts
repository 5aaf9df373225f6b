import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StoredKey } from '../../database/entities/integration.js'

/** What a key says: whose it is, and the secret that proves it. */
export interface GivenKey {
  integrationId: string
  secret: string
}

const form = /^eqx_([0-9a-f]{16})_([\w-]{43})$/

/** A new id of an integration: 16 lower-case hexadecimal digits. */
export function newIntegrationId (): string {
  return randomBytes(8).toString('hex')
}

/**
 * Makes a key of 256 random bits.
 * @param createdAt and `endsAt` in ms since the epoch; without the latter it has no end
 * @returns the key, to be shown once, and what is kept of it
 */
export function makeKey (integrationId: string, createdAt: number, endsAt?: number): { key: string, stored: StoredKey } {
  const secret = randomBytes(32).toString('base64url')
  return {
    key: `eqx_${integrationId}_${secret}`,
    stored: { id: randomBytes(4).toString('hex'), hash: hashOf(secret).toString('base64url'), createdAt, ...(endsAt === undefined ? {} : { endsAt }) }
  }
}

/** Reads a key; undefined for what can't be one. */
export function parseKey (text: string): GivenKey | undefined {
  const [, integrationId, secret] = form.exec(text) ?? []
  return integrationId === undefined || secret === undefined ? undefined : { integrationId, secret }
}

/** Whether a key hasn't ended. @param now in ms since the epoch */
export function isValid ({ endsAt = Infinity }: Pick<StoredKey, 'endsAt'>, now: number): boolean {
  return now < endsAt
}

/** The valid key that has a secret. However long the search takes, it says nothing of the hashes. */
export function findKey (keys: readonly StoredKey[], secret: string, now: number): StoredKey | undefined {
  const hash = hashOf(secret)
  const [found] = keys.filter(key => timingSafeEqual(Buffer.from(key.hash, 'base64url'), hash))
  return found !== undefined && isValid(found, now) ? found : undefined
}

/** A secret is random, so that its hash needn't be a slow one. */
function hashOf (secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
