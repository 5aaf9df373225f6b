import { createHash, randomBytes } from 'node:crypto'
import type { MakeReport, Report } from '../../../schemas/report.js'
import type { Direct } from '../../database/direct/index.js'
import type { ReportItem } from '../../database/entities/report.js'
import type { WorkItem } from '../../database/entities/work.js'
import { databaseUnavailable } from '../../database/faults.js'
import { attempts } from '../../shared/backoff.js'
import type { Clock } from '../../shared/clock.js'
import { ProblemError } from '../../wire/problem-error.js'
import { pairOf } from '../messaging/pair.js'
import { reportedEvent } from '../webhooks/events.js'
import type { Notify } from '../webhooks/notify.js'
import { createCopyMessages } from './copies.js'
import { showReport } from './report-views.js'

const second = 1000
const day = 24 * 60 * 60 * second

/** How many reports a user can make on a day, which begins at midnight UTC. */
const mostADay = 20
/** How long a report is kept, in ms. */
const keptFor = 180 * day

export interface Reports {
  /**
   * Keeps a report, with copies of the messages that it names, and has those told who moderate: once it is there they will be. With an
   * Idempotency-Key that made one it is shown as it is.
   * Costs 1 RCU for the key, and what the copies are read for; 2 WCU for every KB of the report, 1 for its index, 2 for
   * the count and 2 for each endpoint that is told.
   * @throws ProblemError self_conversation, reserved_user_id, conversation_not_found, seq_out_of_range, idempotency_key_reused, rate_limited
   */
  make: (reporterId: string, body: MakeReport, idempotencyKey?: string) => Promise<{ report: Report, replayed: boolean }>
}

/** @param options.wake has a timer handled here in time */
export function createReports ({ direct, notify, wake, clock }: {
  direct: Direct, notify: Notify, wake: (item: WorkItem) => void, clock: Clock
}): Reports {
  const copyMessages = createCopyMessages(direct)

  /** Writes a report with its timers, and counts it. @returns the report that is there, which may be another one of the same key @throws ProblemError rate_limited */
  async function write (item: ReportItem, timers: WorkItem[]): Promise<{ item: ReportItem, isNew: boolean }> {
    const { reporterId, createdAt: now } = item
    const count = { reporterId, day: new Date(now).toISOString().slice(0, 10), ttl: Math.ceil((now + day) / second) }
    for await (const _ of attempts()) {
      const refusals = await direct.transact([
        direct.report.put(item, { absent: true }), direct.reportCount.count(count, 'count', mostADay), ...timers.map(timer => direct.work.put(timer))
      ])
      if (refusals === undefined) {
        for (const timer of timers) wake(timer)
        return { item, isNew: true }
      }
      const [onReport, onCount] = refusals
      if (onReport?.code === 'ConditionalCheckFailed') {
        const there = (onReport.item ?? await direct.report.get(item, { consistent: true })) as ReportItem | undefined
        // Under a random id it is this one: the answer to an earlier attempt was lost.
        if (there !== undefined) return { item: there, isNew: item.fingerprint === undefined }
      }
      if (onCount?.code === 'ConditionalCheckFailed') throw tooMany(now)
    }
    throw databaseUnavailable()
  }

  return {
    async make (reporterId, body, idempotencyKey) {
      const { userId, reason, seqs: asked = [], note } = body
      const { conversationId } = pairOf(reporterId, userId)
      const named = idempotencyKey === undefined ? { reportId: randomBytes(16).toString('hex'), fingerprint: undefined } : nameOf(reporterId, idempotencyKey, body)
      const known = idempotencyKey === undefined ? undefined : await direct.report.get({ reporterId, ...named }, { consistent: true })
      if (known !== undefined) return replay(known, named)
      const seqs = [...asked].sort((one, other) => one - other)
      const messages = await copyMessages(conversationId, seqs)
      const createdAt = clock.now()
      const item: ReportItem = { reporterId, ...named, userId, reason, seqs, note, messages, createdAt, ttl: Math.ceil((createdAt + keptFor) / second) }
      const written = await write(item, await notify(reportedEvent(item)))
      return written.isNew ? { report: showReport(item), replayed: false } : replay(written.item, named)
    }
  }
}

function replay (item: ReportItem, { fingerprint }: Pick<ReportItem, 'fingerprint'>) {
  if (item.fingerprint !== fingerprint) throw new ProblemError('idempotency_key_reused')
  return { report: showReport(item), replayed: true }
}

function tooMany (now: number): ProblemError {
  const headers = { 'retry-after': String(Math.ceil((day - now % day) / second)) }
  return new ProblemError('rate_limited', { id: 'reports_a_day', max: mostADay }, { headers })
}

/** The id of the report that a key makes, always the same, and what tells whether the same is asked for. */
function nameOf (reporterId: string, idempotencyKey: string, { userId, reason, seqs, note }: MakeReport) {
  const digest = (...parts: unknown[]) => createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return { reportId: digest(reporterId, idempotencyKey).slice(0, 32), fingerprint: digest(userId, reason, seqs, note) }
}
