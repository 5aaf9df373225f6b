import { TokenKeeper, type TokenSource } from '../token.js'

/**
 * Whose a token is: its `sub`.
 * @returns undefined for a token that doesn't tell, or that can't be got now
 */
export async function userOf (source: TokenSource): Promise<string | undefined> {
  const { token = '' } = await TokenKeeper.of(source).get()
  const [, payload = ''] = token.split('.')
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
    const { sub } = JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown }
    return typeof sub === 'string' ? sub : undefined
  } catch {
    // An opaque token: the server says whose it is, once there is a connection.
    return undefined
  }
}

/** A key that no other entry has. */
export function randomKey (): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
