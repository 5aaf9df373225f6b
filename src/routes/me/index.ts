import type { FastifyPluginAsync } from 'fastify'
import account from './account.js'
import exportRoute from './export.js'
import reports from './reports.js'

/** What concerns the caller's own account. */
const me: FastifyPluginAsync = async app => {
  await app.register(account)
  await app.register(exportRoute)
  await app.register(reports)
}

export default me
