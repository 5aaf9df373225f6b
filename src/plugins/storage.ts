import fp from 'fastify-plugin'
import { measureStorage } from '../observability/metrics/storage.js'
import { createObjectStore } from '../storage/create.js'
import { EmbeddedStore } from '../storage/embedded/store.js'
import type { ObjectStore } from '../storage/object-store.js'

/** How often the embedded store is looked through for what nobody wants, in ms. */
const sweepEvery = 60 * 60 * 1000

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the bytes of attachments are; undefined where there are none. */
    storage: ObjectStore | undefined
  }
}

/** The store of attachments. Nothing is asked of it here. */
export default fp(async app => {
  const store = await createObjectStore(app.config, {
    now: () => app.clock.now(),
    warn: (about, message) => app.log.warn(about, message)
  })
  const storage = store && measureStorage(app.metrics, store)
  app.decorate('storage', storage)
  app.addHook('onClose', async () => storage?.close?.())
  if (!(storage instanceof EmbeddedStore)) return

  const sweep = () => storage.sweep().catch((err: unknown) => app.log.warn({ err }, 'files that nobody wants can\'t be removed'))
  let timer: NodeJS.Timeout | undefined
  app.addHook('onListen', async () => {
    timer = setInterval(sweep, sweepEvery).unref()
    await sweep()
  })
  app.addHook('onClose', async () => clearInterval(timer))
}, { name: 'storage', dependencies: ['config', 'metrics', 'dynamodb'] })
