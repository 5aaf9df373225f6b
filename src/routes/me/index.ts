import type { FastifyPluginAsync } from 'fastify'
import account from './account.js'
import blocks from './blocks.js'
import exportRoute from './export.js'
import mutes from './mutes.js'
import reports from './reports.js'

/** What concerns the caller's own account. */
const me: FastifyPluginAsync = async app => {
  await app.register(account)
  await app.register(blocks)
  await app.register(exportRoute)
  await app.register(mutes)
  await app.register(reports)
}

export default me
