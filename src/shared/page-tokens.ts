import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'

/** What a token is bound to: the caller, the listing and its query. */
export type TokenScope = ReadonlyArray<string | number | null | undefined>

/** Page tokens: a position in a listing, readable by nobody's authority but this server's. */
export interface PageTokens {
  /** @param position what the next page starts from; plain JSON */
  issue(scope: TokenScope, position: unknown): string
  /** @throws the refusal if it was altered, or issued to another caller or for another query */
  read<T>(scope: TokenScope, token: string): T
}

/**
 * @param secrets the first signs the tokens (HMAC-SHA256), every one verifies
 * @param refusal makes the error of a token that isn't genuine
 */
export function createPageTokens (secrets: readonly string[], refusal: () => Error): PageTokens {
  const keys = secrets.map(secret => createSecretKey(secret, 'utf8'))
  const [signing] = keys
  if (signing === undefined) throw new TypeError('Page tokens need a secret')
  const sign = (scope: TokenScope, payload: string, key = signing) =>
    createHmac('sha256', key).update(`${JSON.stringify(scope)}\n${payload}`).digest()

  return {
    issue (scope, position) {
      const payload = Buffer.from(JSON.stringify(position)).toString('base64url')
      return `${payload}.${sign(scope, payload).toString('base64url')}`
    },

    read<T> (scope: TokenScope, token: string) {
      const [payload = '', signature = '', ...rest] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const genuine = rest.length === 0 && keys.some(key => {
        const expected = sign(scope, payload, key)
        // Comparing the text too: base64url has several spellings of the same bytes.
        return given.length === expected.length && timingSafeEqual(given, expected) && expected.toString('base64url') === signature
      })
      if (!genuine) throw refusal()
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as T
    }
  }
}
