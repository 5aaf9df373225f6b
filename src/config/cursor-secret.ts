import { hkdfSync } from 'node:crypto'

/**
 * A secret for page tokens and cursors where none is configured (HKDF-SHA256, RFC 5869): every instance with the same JWT
 * secret derives the same, and it doesn't give the JWT secret away.
 * @returns 32 bytes as base64url
 */
export function deriveCursorSecret (jwtSecret: string): string {
  return Buffer.from(hkdfSync('sha256', jwtSecret, '', 'equilux-chat cursor', 32)).toString('base64url')
}
