import type { Message } from '../../../schemas/message.js'
import type { Direct } from '../../database/direct/index.js'
import type { IndexKeys } from '../../database/direct/direct-entity.js'
import { parseReportIndexKey, type ReportItem, type ReportKey } from '../../database/entities/report.js'
import { conditionFailure } from '../../database/faults.js'
import { withoutWords } from '../messaging/message-views.js'

const pageSize = 10

/**
 * Takes a user's own words and the names of files out of reports: notes, and copies of messages, in those that the user made and in those of others about the user. That there
 * was a report stays, and what others wrote, until the reports go by themselves. What is done twice changes nothing the second time.
 * @param spend is told what it costs, in request units: 1 for every 4 KB that is read, and 1 for every KB that is written
 */
export type EraseReports = (userId: string, spend: (units: number) => Promise<void>) => Promise<void>

export function createEraseReports (direct: Direct): EraseReports {
  async function erase (userId: string, report: ReportItem, spend: (units: number) => Promise<void>): Promise<void> {
    const messages = (report.messages as Message[]).map(message => message.senderId === userId ? silenced(message) : message)
    const isOwn = report.reporterId === userId
    const size = JSON.stringify(report).length
    await spend(size / 4096)
    const hasNote = isOwn && report.note !== undefined
    if (!hasNote && JSON.stringify(messages) === JSON.stringify(report.messages)) return
    try {
      const { userId: about } = report
      await direct.write(direct.report.update(report, { messages }, { equal: { userId: about } }, hasNote ? ['note'] : []))
    } catch (error) {
      // It has gone meanwhile.
      if (conditionFailure(error) === undefined) throw error
    }
    await spend(Math.ceil(size / 1024))
  }

  async function * made (reporterId: string): AsyncGenerator<ReportItem> {
    const last = { reporterId, reportId: '~' }
    for (let first: ReportKey = { reporterId, reportId: '' }; ;) {
      const { items, more } = await direct.report.between(first, last, { limit: pageSize, order: 'asc' })
      yield * items
      const end = items.at(-1)
      if (!more || end === undefined) return
      // The key after the last one.
      first = { reporterId, reportId: `${end.reportId}\0` }
    }
  }

  async function * about (userId: string): AsyncGenerator<ReportItem> {
    for (let after: IndexKeys | undefined; ;) {
      const { items, more } = await direct.report.readIndex('about', { userId }, { limit: pageSize, order: 'asc', after })
      yield * await direct.report.getAll(items.map(({ gsi1sk = '' }) => parseReportIndexKey(gsi1sk)), { consistent: true })
      after = items.at(-1)
      if (!more || after === undefined) return
    }
  }

  return async (userId, spend) => {
    for (const reports of [made(userId), about(userId)]) {
      for await (const report of reports) await erase(userId, report, spend)
    }
  }
}

/** A message without its words and files, as it is shown once its sender is erased. */
function silenced (message: Message): Message {
  if (message.erased === true) return message
  const { via: _, ...silent } = withoutWords(message)
  return (message.text === undefined && !('attachments' in message) ? silent : { ...silent, text: '', erased: true }) as Message
}
