import { Entity, type EntityConfiguration, type EntityItem } from 'electrodb'
import { ttlAttribute } from '../table.js'

/** How many reports a user has made on a day (`2026-11-22`, UTC), beside them. */
export function createReportCountEntity (configuration: EntityConfiguration) {
  return new Entity({
    model: { service: 'equilux-chat', entity: 'reportCount', version: '1' },
    attributes: {
      reporterId: { type: 'string', required: true },
      day: { type: 'string', required: true },
      count: { type: 'number', required: true },
      ttl: { type: 'number', required: true, field: ttlAttribute }
    },
    indexes: {
      day: {
        pk: { field: 'pk', composite: ['reporterId'], template: 'reports#${reporterId}', casing: 'none' },
        sk: { field: 'sk', composite: ['day'], template: 'count#${day}', casing: 'none' }
      }
    }
  }, configuration)
}

export type ReportCountItem = EntityItem<ReturnType<typeof createReportCountEntity>>
