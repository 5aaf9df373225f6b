/** A token, or what fetches one: it is asked before every request and connection, so it should keep the token while it is valid. */
export type TokenSource = string | (() => string | Promise<string>)

export async function currentToken (source: TokenSource): Promise<string> {
  return typeof source === 'string' ? source : await source()
}

/**
 * When a token expires, in ms since the epoch.
 * @returns undefined for a token that doesn't tell
 */
export function expiryOf (token: string): number | undefined {
  const [, payload = ''] = token.split('.')
  try {
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: unknown }
    return typeof exp === 'number' ? exp * 1000 : undefined
  } catch {
    // Whether a token is valid is for the server to say.
    return undefined
  }
}
