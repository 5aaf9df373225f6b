import { createHash } from 'node:crypto'
import { userIdFault } from './identity.js'

/**
 * The user id of somebody who signs in by a name alone: the name itself in small letters where that can be an id, so that `Alice` is
 * the user of `npm run token -- alice`; else what is readable of it with a digest of all of it. Same name, same user.
 * @param name as the schema of a name lets it through
 */
export function userIdOfName (name: string): string {
  const key = name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
  if (userIdFault(key) === undefined) return key
  const readable = key.replace(/[^a-z0-9]+/g, '-').slice(0, 40)
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 12)
  return `${readable}-${digest}`.replace(/-+/g, '-').replace(/^-/, '')
}
