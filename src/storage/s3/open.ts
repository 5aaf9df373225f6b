import type { ResolvedConfig } from '../../../schemas/config.js'
import type { StoreContext } from '../object-store.js'
import { createS3Client } from './client.js'
import { S3Store } from './store.js'

/**
 * The bucket that ATTACHMENTS names. Nothing is asked of it yet.
 * @param config ATTACHMENTS, ATTACHMENT_SCAN and AWS_REGION are read
 */
export function openS3Store ({ ATTACHMENTS: where, ATTACHMENT_SCAN: scan, AWS_REGION: region }: ResolvedConfig, context: StoreContext): S3Store {
  const [, bucket = '', endpoint] = /^s3:\/\/([^?]+)(?:\?endpoint=(.+))?$/.exec(where) ?? []
  const client = createS3Client({ region, endpoint })
  const origin = endpoint ?? client.config.endpointProvider({ Bucket: bucket, Region: region }).url.origin
  return new S3Store({ client, bucket, origin, isTagged: scan === 'tag', ...context })
}
