import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

/** Signatures by which this server knows again what it has given out. */
export interface Signatures {
  /** @returns 43 characters of base64url */
  sign: (text: string) => string
  isGenuine: (text: string, signature: string) => boolean
}

/**
 * Signatures by HMAC-SHA256.
 * @param secrets the first signs, every one verifies
 */
export function createSignatures (secrets: readonly string[]): Signatures {
  const keys = secrets.map(secret => createSecretKey(secret, 'utf8'))
  const [signing] = keys
  if (signing === undefined) throw new TypeError('Signatures need a secret')
  const sign = (text: string, key = signing) => createHmac('sha256', key).update(text).digest()

  return {
    sign: text => sign(text).toString('base64url'),

    isGenuine (text, signature) {
      const given = Buffer.from(signature, 'base64url')
      return keys.some(key => {
        const expected = sign(text, key)
        // Comparing the text too: base64url has several spellings of the same bytes.
        return given.length === expected.length && timingSafeEqual(given, expected) && expected.toString('base64url') === signature
      })
    }
  }
}
