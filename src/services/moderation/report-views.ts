import type { Message } from '../../../schemas/message.js'
import type { Report, UserReport } from '../../../schemas/report.js'
import type { ReportItem } from '../../database/entities/report.js'

/** A report as who made it sees it. */
export function showReport ({ reportId, userId, reason, seqs, note, createdAt }: ReportItem): Report {
  return { reportId, userId, reason, seqs, ...(note === undefined ? {} : { note }), createdAt: new Date(createdAt).toISOString() }
}

/** A report as moderators see it. */
export function showUserReport ({ reportId, reporterId, userId, reason, note, messages, createdAt }: ReportItem): UserReport {
  return {
    reportId, reporterId, userId, reason, ...(note === undefined ? {} : { note }), messages: messages as Message[], createdAt: new Date(createdAt).toISOString()
  }
}
