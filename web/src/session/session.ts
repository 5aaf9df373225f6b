/** Somebody who is signed in, in whatever way. */
export interface Session {
  /** Whose it is, where the token's `sub` says so. */
  readonly userId?: string
  /** The name that others see, if it is known here. */
  readonly username?: string
  /** A token that is good now: the kept one at first, then a new one each time. @throws where there is none any more */
  readonly token: () => Promise<string>
  /** Forgets the tokens. */
  readonly end: () => Promise<void>
}

/** The claims of a token, which the server has checked or will; undefined where it is no JWT. */
export function claimsOf (token: string): { sub?: string, name?: string, exp?: number } | undefined {
  try {
    const payload = token.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? ''
    const bytes = Uint8Array.from(atob(payload), letter => letter.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as { sub?: string, name?: string, exp?: number }
  } catch {
    return undefined
  }
}

/** Whether a token is good for some time yet, so that it can be used as it is. */
export function isFresh (token: string, now = Date.now()): boolean {
  const expires = claimsOf(token)?.exp
  return expires !== undefined && expires * 1000 > now + 60_000
}
