import type { AnalyticsTotals } from 'equilux-chat-client/analytics'
import { useCallback } from 'react'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { agreementClasses } from './agreement-classes.js'

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
