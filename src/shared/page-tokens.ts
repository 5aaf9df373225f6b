import { createSignatures } from './signatures.js'

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
  const signatures = createSignatures(secrets)
  const signedText = (scope: TokenScope, payload: string) => `${JSON.stringify(scope)}\n${payload}`

  return {
    issue (scope, position) {
      const payload = Buffer.from(JSON.stringify(position)).toString('base64url')
      return `${payload}.${signatures.sign(signedText(scope, payload))}`
    },

    read<T> (scope: TokenScope, token: string) {
      const [payload = '', signature = '', ...rest] = token.split('.')
      if (rest.length > 0 || !signatures.isGenuine(signedText(scope, payload), signature)) throw refusal()
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as T
    }
  }
}
