import { join } from 'node:path'
import type { ResolvedConfig } from '../../schemas/config.js'
import { EmbeddedStore } from './embedded/store.js'
import type { ObjectStore, StoreContext } from './object-store.js'

/**
 * The store that ATTACHMENTS names; undefined where that is `off`. Nothing is asked of it yet.
 * @param config ATTACHMENTS, ATTACHMENT_SCAN, AWS_REGION, CURSOR_SECRET and DATA_DIR are read
 */
export async function createObjectStore (config: ResolvedConfig, context: StoreContext): Promise<ObjectStore | undefined> {
  const { ATTACHMENTS: where } = config
  if (where === 'off') return undefined
  if (where === 'embedded') {
    return new EmbeddedStore({ folder: join(config.DATA_DIR, 'attachments'), secrets: config.CURSOR_SECRET, now: context.now })
  }
  // S3's client takes a while to load.
  const { openS3Store } = await import('./s3/open.js')
  return openS3Store(config, context)
}
