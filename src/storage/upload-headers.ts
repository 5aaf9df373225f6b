import type { ObjectTerms } from './object-store.js'

/** The tag of what no message has yet. */
export const pendingTag = { name: 'state', value: 'pending' }

/** What has to be sent with an object besides its bytes, whichever store it is for: S3's own headers. */
export function uploadHeaders ({ mediaType, sha256 }: ObjectTerms) {
  return {
    'content-type': mediaType,
    'if-none-match': '*',
    'x-amz-checksum-sha256': sha256,
    'x-amz-tagging': `${pendingTag.name}=${pendingTag.value}`
  }
}
