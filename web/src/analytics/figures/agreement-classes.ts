import type { AnalyticsTotals } from 'equilux-chat-client/analytics'
import { useCallback } from 'react'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'

/** Where the classes of times end by which the server counts agreements, in seconds; what takes longer is in one without an end. */
export const agreementClasses = [60, 300, 900, 3600, 14_400, 86_400, 604_800] as const

/** Says how long half of the agreements took at most. */
export function useMedianText (): (figures: Pick<AnalyticsTotals, 'medianTimeToAgreement'>) => string {
  const say = useSay()
  const { duration, none } = useNumberText()
  return useCallback(({ medianTimeToAgreement: median }) => {
    if (median === null) return none
    return median.atMost === null
      ? say('analytics.over', { time: duration(agreementClasses.at(-1) ?? 0) })
      : say('analytics.upTo', { time: duration(median.atMost) })
  }, [say, duration, none])
}
