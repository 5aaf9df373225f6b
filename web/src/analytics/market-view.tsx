import { useText } from '../i18n/index.js'
import { classes, Spinner } from '../ui/index.js'
import { Failed } from './failed.js'
import { MarketFigure } from './figures/market.js'
import { OutOfRange } from './out-of-range.js'
import type { Question } from './query/questions.js'
import { useMarket } from './query/use-analytics.js'
import { initialView, type View } from './query/view.js'
import { useIntervalText } from './use-interval-text.js'
import { useNumberText } from './use-number-text.js'
import { useSay } from './words.js'

/** Of how many days the server tells hours at once. */
const maxDaysOfHours = 125

/** What all traded. */
export function MarketView ({ question, onChange }: { question: Question, onChange: (changed: Partial<View>) => void }) {
  const text = useText()
  const say = useSay()
  const number = useNumberText()
  const { data: market, isReading, error, readAgain } = useMarket(question.market)
  // A day of UTC would begin at some hour elsewhere.
  const interval = useIntervalText(market?.granularity ?? 'day', market?.granularity === 'hour' ? question.timeZone : 'UTC', question.days.count === 1)
  const onUsual = () => onChange({ range: initialView.range })
  if (question.market === undefined) return <OutOfRange title={say('analytics.marketAhead')} {...{ onUsual }}>{say('analytics.marketAheadHint')}</OutOfRange>
  if (error?.code === 'range_too_large') {
    return <OutOfRange title={say('analytics.marketTooLong')} {...{ onUsual }}>{say('analytics.marketTooLongHint', { days: number.count(maxDaysOfHours) })}</OutOfRange>
  }
  if (error !== undefined) return <Failed {...{ error, readAgain }} />
  if (market === undefined) return <div className='m-auto p-8'><Spinner label={text('shell.loading')} /></div>
  return <div aria-busy={isReading} className={classes('transition-opacity', isReading && 'opacity-60')}><MarketFigure {...{ market, interval }} /></div>
}
