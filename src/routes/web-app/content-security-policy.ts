import { createHash } from 'node:crypto'
import type { Config } from '../../../schemas/config.js'

/** The styles that react-aria puts into the page itself, letter for letter: for what can be pressed, and below what lies over the page. */
export const libraryStyles = [
  '@layer {\n  [data-react-aria-pressable] {\n    touch-action: pan-x pan-y pinch-zoom;\n  }\n}',
  '@layer {\n  * {\n    overscroll-behavior: contain;\n  }\n}'
]

/**
 * What the web app's pages may load and ask: this server, whoever signs people in, and where files are. Nothing inline, nothing of other hosts.
 * @param config OIDC_AUTHORITY, OIDC_ORIGINS and EMBED_ORIGINS are read
 * @param storageOrigin where files are, if not here
 */
export function contentSecurityPolicy (
  { OIDC_AUTHORITY: authority, OIDC_ORIGINS: issuerOrigins = [], EMBED_ORIGINS: framers = [] }: Config, storageOrigin: string | undefined
): string {
  const styles = libraryStyles.map(style => `'sha256-${createHash('sha256').update(style).digest('base64')}'`)
  const asked = ['\'self\'', ...authority === undefined ? [] : [new URL(authority).origin], ...issuerOrigins, ...storageOrigin === undefined ? [] : [storageOrigin]]
  const framing = framers.length === 0 ? ['\'none\''] : framers
  return [
    'default-src \'none\'', 'script-src \'self\'', `style-src 'self' ${styles.join(' ')}`, 'img-src \'self\' data: blob:', 'font-src \'self\'',
    `connect-src ${asked.join(' ')}`, 'manifest-src \'self\'', 'worker-src \'self\'', 'base-uri \'none\'', 'form-action \'none\'',
    `frame-ancestors ${framing.join(' ')}`
  ].join('; ')
}
