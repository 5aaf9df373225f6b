/**
 * What a backend needs to let its users in: it knows who they are, and signs that with the secret that it shares with the chat server (`JWT_SECRET`, the
 * first one of a list). Node's own crypto is enough. Never make tokens in a page: whoever has the secret is everybody.
 */
import { createHmac } from 'node:crypto'

export interface TokenUser {
  /** Yours for this user, for good: 1 to 128 letters, digits and `@.:|+=_-`, the first not a dot. Case-sensitive. */
  userId: string
  /** To show to others. */
  name: string
}

/**
 * A token for the chat server (a JWT, RFC 7519, signed with HS256).
 * @param secret at least 32 bytes, as text
 * @param lifetime in seconds: short, for a token can't be taken back; clients ask for the next one by themselves
 */
export function createServerToken (secret: string, { userId, name }: TokenUser, lifetime = 15 * 60): string {
  const now = Math.floor(Date.now() / 1000)
  const input = [{ alg: 'HS256', typ: 'JWT' }, { sub: userId, name, iat: now, exp: now + lifetime }]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
