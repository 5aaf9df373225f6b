import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/**
 * A report of a user by another one, beside the reporter's others. `messages` are copies, as the API showed them at `createdAt` (ms since the
 * epoch). `fingerprint` is of what was asked for with an Idempotency-Key, from which its id follows. The index leads from who is reported to
 * the reports: copies of what was written have to be found when its author is erased.
 */
export function createReportEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'report', version: '1' },
    attributes: {
      reporterId: { type: 'string', required: true },
      reportId: { type: 'string', required: true },
      userId: { type: 'string', required: true },
      reason: { type: ['spam', 'fraud', 'abuse', 'other'] as const, required: true },
      seqs: { type: 'list', required: true, items: { type: 'number' } },
      note: { type: 'string' },
      messages: { type: 'any', required: true },
      createdAt: { type: 'number', required: true },
      fingerprint: { type: 'string' },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      report: {
        pk: { field: 'pk', composite: ['reporterId'], template: 'reports#${reporterId}', casing: 'none' },
        sk: { field: 'sk', composite: ['reportId'], template: 'report#${reportId}', casing: 'none' }
      },
      about: {
        index: 'gsi1',
        projection: 'keys_only',
        pk: { field: 'gsi1pk', composite: ['userId'], template: 'reported#${userId}', casing: 'none' },
        sk: { field: 'gsi1sk', composite: ['reporterId', 'reportId'], template: '${reporterId}#${reportId}', casing: 'none' }
      }
    }
  }, configuration)
}

export type ReportItem = EntityItem<ReturnType<typeof createReportEntity>>

/** What names a report. */
export type ReportKey = Pick<ReportItem, 'reporterId' | 'reportId'>

/** The report that a sort key of the index `about` names. */
export function parseReportIndexKey (key: string): ReportKey {
  const [reporterId = '', reportId = ''] = key.split('#')
  return { reporterId, reportId }
}
