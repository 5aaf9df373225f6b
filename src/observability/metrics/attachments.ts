import { Counter, type Registry } from 'prom-client'
import { problemCatalogue, type ProblemCode } from '../../../schemas/problem.js'
import type { HappeningListener } from '../../services/happenings.js'
import { verdictOutcomes, type VerdictOutcome } from '../../services/attachments/scan.js'

/** What is refused because of attachments. */
const reasons: ReadonlySet<string> = new Set(Object.keys(problemCatalogue).filter(code => code.startsWith('attachment_') || code === 'storage_unavailable'))

export interface AttachmentMeters {
  /** A file was announced. @param bytes its size */
  announced: (bytes: number) => void
  /** Counts the files of messages. */
  listener: HappeningListener
  /** A request was refused. */
  refused: (code: ProblemCode) => void
  /** A scanner was asked. */
  verdict: (outcome: VerdictOutcome) => void
}

/** Counts what becomes of attachments. */
export function measureAttachments (registry: Registry): AttachmentMeters {
  const registers = [registry]
  const announced = new Counter({ name: 'equilux_attachments_announced_total', help: 'Files announced, without replays', registers })
  const bytes = new Counter({ name: 'equilux_attachments_announced_bytes_total', help: 'How large they are together', registers })
  const bound = new Counter({ name: 'equilux_attachments_bound_total', help: 'Files that messages were sent with', registers })
  const refused = new Counter({
    name: 'equilux_attachments_refused_total', help: 'Requests refused because of an attachment, by the code of the problem', labelNames: ['reason'], registers
  })
  const verdicts = new Counter({
    name: 'equilux_attachment_verdicts_total',
    help: 'What came of asking for a scanner\'s verdict: awaited ones are asked for again, failed ones were refused with 503',
    labelNames: ['outcome'],
    registers
  })
  for (const reason of reasons) refused.inc({ reason }, 0)
  for (const outcome of verdictOutcomes) verdicts.inc({ outcome }, 0)

  return {
    announced: size => {
      announced.inc()
      bytes.inc(size)
    },
    listener: happening => {
      if (happening.type === 'message' && !happening.replayed) bound.inc(happening.message.attachments?.length ?? 0)
    },
    refused: code => { if (reasons.has(code)) refused.inc({ reason: code }) },
    verdict: outcome => verdicts.inc({ outcome })
  }
}
