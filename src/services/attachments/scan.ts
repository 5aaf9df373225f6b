import type { FastifyBaseLogger } from 'fastify'
import { BoundedMap } from '../../shared/bounded-map.js'
import { askClamd, type ClamdAddress } from '../../storage/clamd.js'
import type { ObjectStore, Verdict } from '../../storage/object-store.js'
import { storageUnavailable } from '../../storage/faults.js'
import { ProblemError } from '../../wire/problem-error.js'

/**
 * What a scanner says of an object; undefined if nothing yet.
 * @throws ProblemError storage_unavailable
 */
export type Scan = (object: { key: string }) => Promise<Verdict | undefined>

/** What came of asking: `awaited` where nothing was said yet. */
export const verdictOutcomes = ['clean', 'infected', 'unscannable', 'awaited', 'failed'] as const
export type VerdictOutcome = typeof verdictOutcomes[number]

/** How scanning goes. */
export interface ScanOptions {
  /** How long is waited for clamd, in ms; clamd goes on, and who asks again finds what it said. */
  patience?: number
  /** How long clamd may take altogether, in ms. */
  limit?: number
}

/** How many verdicts are remembered: of what is asked for again, for what is uploaded never changes. */
const maxRemembered = 1000

/**
 * @param setting ATTACHMENT_SCAN
 * @param options.note is told what came of it each time
 * @param options.ending is aborted when the process ends
 */
export function createScan (setting: string, storage: Pick<ObjectStore, 'open' | 'verdict'>, { note, log, ending }: {
  note: (outcome: VerdictOutcome) => void, log: FastifyBaseLogger, ending: AbortSignal
}, { patience = 1500, limit = 60_000 }: ScanOptions = {}): Scan {
  if (setting === 'off') return async () => 'clean'
  const ask = setting === 'tag' ? async (key: string) => await storage.verdict(key) : patient(throughClamd(addressOf(setting)))

  function throughClamd (address: ClamdAddress) {
    return async (key: string): Promise<Verdict> => {
      try {
        return await askClamd(await storage.open(key), address, AbortSignal.any([AbortSignal.timeout(limit), ending]))
      } catch (cause) {
        if (cause instanceof ProblemError) throw cause
        log.error({ err: cause, attachmentId: key }, 'clamd gives no verdict')
        throw storageUnavailable(cause)
      }
    }
  }

  function patient (judge: (key: string) => Promise<Verdict>) {
    const verdicts = new BoundedMap<string, Promise<Verdict>>(maxRemembered)
    return async (key: string): Promise<Verdict | undefined> => {
      let verdict = verdicts.get(key)
      if (verdict === undefined) {
        verdict = judge(key)
        verdicts.set(key, verdict)
        verdict.catch(() => verdicts.delete(key))
      }
      return await unlessLate(patience, verdict)
    }
  }

  return async ({ key }) => {
    try {
      const verdict = await ask(key)
      note(verdict ?? 'awaited')
      return verdict
    } catch (error) {
      note('failed')
      throw error
    }
  }
}

async function unlessLate<T> (ms: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => { timer = setTimeout(() => resolve(undefined), ms) })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** @param setting such as `clamd://scanner:3310` */
function addressOf (setting: string): ClamdAddress {
  const { hostname: host, port } = new URL(setting)
  return { host, port: Number(port) }
}
