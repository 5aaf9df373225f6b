import { KeyFigure } from '../analytics/figure/key-figure.js'
import { useMedianText } from '../analytics/figures/use-median-text.js'
import { closedIn } from '../analytics/figures/outcomes.js'
import { useNumberText } from '../analytics/use-number-text.js'
import { useSay as useAnalyticsSay } from '../analytics/words.js'
import { mostTraders } from './days-figure.js'
import type { OperatorAnalytics } from './use-figures.js'
import { useSay } from './words.js'

/** What one looks at first. */
export function KeyFigures ({ figures }: { figures: OperatorAnalytics }) {
  const say = useSay()
  const sayAnalytics = useAnalyticsSay()
  const number = useNumberText()
  const medianText = useMedianText()
  const { totals } = figures
  const { accepted, acceptanceRate, meanSecondsToAgreement: mean } = totals
  return (
    <section aria-label={sayAnalytics('analytics.keyFigures')}>
      <dl className='grid grid-cols-1 gap-3 min-[26rem]:grid-cols-2 lg:grid-cols-4'>
        <KeyFigure
          name={sayAnalytics('analytics.acceptanceRate')} value={number.rate(acceptanceRate)}
          more={sayAnalytics('analytics.acceptedOf', { accepted: number.count(accepted), closed: number.count(closedIn(totals)) })}
        />
        <KeyFigure
          name={sayAnalytics('analytics.medianTime')} value={medianText(totals)}
          more={mean === null ? undefined : sayAnalytics('analytics.meanTime', { time: number.duration(mean) })}
        />
        <KeyFigure name={say('operator.traders')} value={number.count(mostTraders(figures))} more={say('operator.tradersHint')} />
        <Work {...figures} />
      </dl>
    </section>
  )
}

/** How far the work queue is behind. */
function Work ({ work }: Pick<OperatorAnalytics, 'work'>) {
  const say = useSay()
  const { none, duration } = useNumberText()
  const name = say('operator.work')
  if (work === null) return <KeyFigure {...{ name }} value={none} more={say('operator.workElsewhere')} />
  if (work.due === 0) return <KeyFigure {...{ name }} value={say('operator.workNone')} />
  return <KeyFigure {...{ name }} value={say('operator.workDue', { count: work.due })} more={say('operator.workOldest', { time: duration(work.oldestSeconds) })} />
}
