import { parseDate } from '@internationalized/date'
import { useLocale, useText } from '../../i18n/index.js'
import { currencyOptions } from '../../offers/form/currencies.js'
import { DayField } from '../../ui/day-field.js'
import { Select } from '../../ui/index.js'
import { maxDays } from '../query/days.js'
import { granularitiesFor } from '../query/granularity.js'
import type { Question } from '../query/questions.js'
import { presets, type Preset, type View } from '../query/view.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'
import { ZoneField } from './zone-field.js'

/** An option that filters nothing out. */
const both = 'both'

export interface ControlsProps {
  view: View
  question: Question
  onChange: (changed: Partial<View>) => void
}

/** What the reader chooses of what there is. */
export function Controls ({ view, question: { days, fault, granularity, currency, timeZone }, onChange }: ControlsProps) {
  const text = useText()
  const say = useSay()
  const number = useNumberText()
  const { locale, timeZone: readers } = useLocale()
  const { range, side, tab } = view
  const own = typeof range === 'string' ? { from: days.from.toString(), to: days.to.subtract({ days: 1 }).toString() } : range
  const changeDays = (changed: Partial<typeof own>) => onChange({ range: { ...own, ...changed } })
  const granularities = granularitiesFor(days.count)
  return (
    <section aria-label={say('analytics.controls')} className='grid grid-cols-2 items-start gap-3 rounded-2xl border border-line bg-raised p-4 sm:grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))]'>
      <Select<Preset | 'own'>
        className='col-span-2' label={say('analytics.range')} value={typeof range === 'string' ? range : 'own'} onChange={chosen => onChange({ range: chosen === 'own' ? own : chosen })}
        options={([...presets, 'own'] as const).map(value => ({ value, label: say(`analytics.range.${value}`) }))}
      />
      {typeof range !== 'string' && (
        <>
          <DayField className='max-sm:col-span-2' label={say('analytics.from')} value={parseDate(own.from)} onChange={from => changeDays({ from: from.toString() })} />
          <DayField
            className='max-sm:col-span-2' label={say('analytics.to')} value={parseDate(own.to)} onChange={to => changeDays({ to: to.toString() })}
            errorMessage={fault && say(`analytics.fault.${fault}`, { days: number.count(maxDays) })}
          />
        </>
      )}
      {tab === 'own' && (
        <>
          <Select
            label={say('analytics.granularity')} value={granularity} onChange={granularity => onChange({ granularity })}
            options={(granularities.includes(granularity) ? granularities : [granularity]).map(value => ({ value, label: say(`analytics.by.${value}`) }))}
          />
          <Select
            label={text('trades.filter.side')} value={side ?? both} onChange={side => onChange({ side: side === both ? undefined : side })}
            options={[{ value: both, label: text('trades.filter.any') }, { value: 'sell', label: text('trades.youSell') }, { value: 'buy', label: text('trades.youBuy') }]}
          />
        </>
      )}
      <Select label={text('trades.currency')} value={currency} onChange={currency => onChange({ currency })} options={currencyOptions(locale, [currency])} />
      <ZoneField {...{ timeZone, readers }} onChange={timeZone => onChange({ timeZone: timeZone === readers ? undefined : timeZone })} />
    </section>
  )
}
