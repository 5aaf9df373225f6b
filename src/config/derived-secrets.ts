import { hkdfSync } from 'node:crypto'

/**
 * A secret for page tokens and cursors where none is configured (HKDF-SHA256, RFC 5869): every instance with the same JWT
 * secret derives the same, and it doesn't give the JWT secret away.
 * @returns 32 bytes as base64url
 */
export function deriveCursorSecret (jwtSecret: string): string {
  return derive(jwtSecret, 'equilux-chat cursor')
}

/**
 * A secret for webhooks where none is configured, from that for cursors in the same way.
 * @returns 32 bytes as base64url
 */
export function deriveWebhookSecret (cursorSecret: string): string {
  return derive(cursorSecret, 'equilux-chat webhooks')
}

function derive (secret: string, purpose: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)).toString('base64url')
}
