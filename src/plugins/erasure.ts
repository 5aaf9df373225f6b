import fp from 'fastify-plugin'
import { eraseKind } from '../services/account/erasures.js'
import { createEraseHandler, type ErasureOptions } from '../work/erase.js'

/** How many users are erased at once here. */
const erasuresAtOnce = 2

/** Erases users whose time has come. */
export default fp<{ erasure?: ErasureOptions }>(async (app, { erasure }) => {
  const { clock, entities, services: { blocks, eraser, eraseAttachments, eraseFigures, eraseReports, erasures, users }, work } = app
  const handle = createEraseHandler({ entities, blocks, erasures, eraser, eraseAttachments, eraseFigures, eraseReports, users, clock }, erasure)
  work.kinds[eraseKind] = { handle, concurrency: erasuresAtOnce }
}, { name: 'erasure', dependencies: ['dynamodb', 'services', 'work'] })
