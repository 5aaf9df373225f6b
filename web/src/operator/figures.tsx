import { KeyRound, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { Failed } from '../analytics/failed.js'
import { MarketFigure } from '../analytics/figures/market.js'
import { useIntervalText } from '../analytics/use-interval-text.js'
import { useSay as useAnalyticsSay } from '../analytics/words.js'
import { useAppConfig } from '../config/index.js'
import { useLocale, useText } from '../i18n/index.js'
import { currencyOptions } from '../offers/form/currencies.js'
import { Button, Focused, Notice, Select, Spinner } from '../ui/index.js'
import { DaysFigure } from './days-figure.js'
import { KeyFigures } from './key-figures.js'
import { KeyForm } from './key-form.js'
import { firstOf, spans, type Span } from './span.js'
import { keyFaultOf, useFigures } from './use-figures.js'
import { useSay } from './words.js'

export interface FiguresProps {
  /** The key. React has a meaning of its own for that word. */
  secret: string
  onKey: (key: string) => void
  onForget: () => void
}

/** What a key shows, or why it doesn't. */
export function Figures ({ secret, onKey, onForget }: FiguresProps) {
  const text = useText()
  const say = useSay()
  const sayAnalytics = useAnalyticsSay()
  const { locale } = useLocale()
  const { defaultCurrency } = useAppConfig()
  const [span, setSpan] = useState<Span>('30')
  const [currency, setCurrency] = useState(defaultCurrency)
  const { data, isReading, error, readAgain } = useFigures(secret, { from: firstOf(span, Date.now()), currency })
  const keyFault = keyFaultOf(error)
  if (keyFault !== undefined) return <KeyForm fault={say(keyFault)} onKey={onKey} />
  return (
    <Focused className='flex flex-col gap-5 outline-none'>
      <section aria-label={sayAnalytics('analytics.controls')} className='flex flex-wrap items-end gap-3 rounded-xl border border-line bg-raised p-4'>
        <Select
          label={sayAnalytics('analytics.range')} className='min-w-40' value={span} onChange={setSpan}
          options={spans(data?.market.granularity).map(value => ({ value, label: say('operator.lastDays', { count: Number(value) }) }))}
        />
        <Select label={text('trades.currency')} className='min-w-40' value={currency} onChange={setCurrency} options={currencyOptions(locale, [defaultCurrency])} />
        <Button isPending={isReading} onPress={readAgain}><RefreshCw aria-hidden className='size-4' />{say('operator.readAgain')}</Button>
        <Button variant='quiet' onPress={onForget}><KeyRound aria-hidden className='size-4' />{say('operator.forget')}</Button>
      </section>
      {error?.code === 'route_not_found' && <Notice tone='warn'>{say('operator.offHint')}</Notice>}
      {error !== undefined && error.code !== 'route_not_found' && <Failed {...{ error, readAgain }} />}
      {data === undefined && isReading && <div className='m-auto p-8'><Spinner label={text('shell.loading')} /></div>}
      {data !== undefined && <Shown {...{ data }} />}
    </Focused>
  )
}

function Shown ({ data }: { data: NonNullable<ReturnType<typeof useFigures>['data']> }) {
  const { market } = data
  const interval = useIntervalText(market.granularity, 'UTC', false)
  return (
    <>
      <KeyFigures figures={data} />
      <DaysFigure figures={data} />
      <MarketFigure {...{ market, interval }} />
    </>
  )
}
