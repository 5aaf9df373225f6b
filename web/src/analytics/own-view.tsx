import type { AnalyticsTotals } from 'equilux-chat-client/analytics'
import { ChartColumn } from 'lucide-react'
import { Link } from 'wouter'
import { useText } from '../i18n/index.js'
import { Button, classes, EmptyState, Spinner } from '../ui/index.js'
import { Failed } from './failed.js'
import { Closings } from './figures/closings.js'
import { Counterparties } from './figures/counterparties.js'
import { closedIn } from './figures/outcomes.js'
import { PriceVolume } from './figures/price-volume.js'
import { Spread } from './figures/spread.js'
import { TimeToAgreement } from './figures/time-to-agreement.js'
import { KeyFigures } from './key-figures.js'
import { useCounterparties, useOwnFigures } from './query/use-analytics.js'
import type { Question } from './query/questions.js'
import { initialView, writeView, type View } from './query/view.js'
import { useIntervalText } from './use-interval-text.js'
import { useSay } from './words.js'

interface Props {
  view: View
  question: Question
  onChange: (changed: Partial<View>) => void
}

/** What the reader traded. */
export function OwnView ({ view, question, onChange }: Props) {
  const text = useText()
  const { data: figures, isReading, error, readAgain } = useOwnFigures(question.own)
  const counterparties = useCounterparties(question.counterparties)
  const interval = useIntervalText(figures?.granularity ?? question.granularity, figures?.timeZone ?? question.timeZone, question.days.count === 1)
  if (error !== undefined) return <Failed {...{ error, readAgain }} />
  if (figures === undefined) return <div className='m-auto p-8'><Spinner label={text('shell.loading')} /></div>
  if (isEmpty(figures.totals) && counterparties.data?.counterparties.length === 0) return <Empty {...{ view, onChange }} />
  const props = { figures, side: view.side, interval }
  return (
    <div aria-busy={isReading} className={classes('flex flex-col gap-4 transition-opacity', isReading && 'opacity-60')}>
      <KeyFigures {...{ figures }} side={view.side} />
      <PriceVolume {...props} />
      <div className='grid gap-4 xl:grid-cols-2'>
        <Closings {...props} />
        <TimeToAgreement {...props} />
        <Spread {...props} />
        {counterparties.error !== undefined && <Failed error={counterparties.error} readAgain={counterparties.readAgain} />}
        {counterparties.data !== undefined && <Counterparties answer={counterparties.data} month={question.month} onMonth={month => onChange({ month })} />}
      </div>
    </div>
  )
}

function isEmpty (totals: AnalyticsTotals): boolean {
  return totals.opened + closedIn(totals) + totals.sold.trades + totals.bought.trades === 0
}

/** There is nothing to show: because of what was chosen, or because nothing was ever offered. */
function Empty ({ view, onChange }: Pick<Props, 'view' | 'onChange'>) {
  const text = useText()
  const say = useSay()
  const { month, timeZone, granularity, ...chosen } = view
  if (writeView(chosen).size > 0) {
    return (
      <EmptyState title={say('analytics.emptyRange')} icon={ChartColumn}>
        <p>{say('analytics.emptyRangeHint')}</p>
        <Button onPress={() => onChange({ range: initialView.range, side: undefined, currency: undefined })}>{say('analytics.usual')}</Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState title={say('analytics.empty')} icon={ChartColumn}>
      <p>{say('analytics.emptyHint')}</p>
      <Link href='/conversations' className='rounded-lg font-medium text-accent underline underline-offset-2'>{text('trades.toConversations')}</Link>
    </EmptyState>
  )
}
