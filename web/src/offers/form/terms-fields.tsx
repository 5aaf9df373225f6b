import { now, today, toZoned, type ZonedDateTime } from '@internationalized/date'
import { formatDecimal, formatPrice, totalPrice } from 'equilux-chat-client/format'
import { useMemo } from 'react'
import { useText } from '../../i18n/index.js'
import { NumberField, Select, TextField } from '../../ui/index.js'
import { currencyOptions } from './currencies.js'
import { DateTimeField } from './date-time-field.js'
import { isInCents, type Draft, type Writing } from './draft.js'
import type { Faults } from './fault.js'
import { readEnergy, readPrice } from './numbers.js'
import { RunningTotal } from './running-total.js'

export interface TermsFieldsProps {
  draft: Draft
  onChange: (changed: Partial<Draft>) => void
  faults: Faults
  /** What the server found wrong with fields. */
  refused: Partial<Record<keyof Draft, string>>
  writing: Writing
  /** A currency to choose besides the usual ones. */
  currency: string
  /** Whether the end of delivery may be left out. */
  isEndOptional: boolean
}

/** The fields of terms, what is wrong beside each, and what it comes to. */
export function TermsFields ({ draft, onChange, faults, refused, writing, currency, isEndOptional }: TermsFieldsProps) {
  const text = useText()
  const { locale, timeZone } = writing
  const options = useMemo(() => currencyOptions(locale, [currency]), [locale, currency])
  const soon = useMemo(() => now(timeZone).add({ hours: 1 }).set({ minute: 0, second: 0, millisecond: 0 }), [timeZone])
  const fault = (field: keyof Draft) => faults[field] === undefined ? refused[field] : text(faults[field].id, faults[field].values)
  const [price, energy] = [readPrice(draft.price, draft.currency, writing), readEnergy(draft.energy, writing)]
  const total = price === undefined || energy === undefined ? undefined : totalPrice(price, energy)
  return (
    <>
      <div className='grid gap-4 sm:grid-cols-2'>
        <NumberField label={text('trades.term.energy')} suffix='kWh' isRequired value={draft.energy} onChange={energy => onChange({ energy })} errorMessage={fault('energy')} />
        <NumberField
          label={text('trades.term.price')} suffix={<PriceUnit currency={draft.currency} {...{ writing }} />} isRequired
          value={draft.price} onChange={price => onChange({ price })} errorMessage={fault('price')}
        />
        <DateTimeField label={text('trades.start')} isRequired value={draft.start} onChange={start => onChange({ start })} placeholder={soon} errorMessage={fault('start')} />
        <DateTimeField
          label={text(isEndOptional ? 'trades.end' : 'trades.endNeeded')} isRequired={!isEndOptional} value={draft.end} onChange={end => onChange({ end })} placeholder={draft.start ?? soon}
          description={text('trades.endHint')} errorMessage={fault('end')}
        />
        <DateTimeField
          label={text('trades.expires')} value={draft.expires} onChange={expires => onChange({ expires })} placeholder={soon}
          description={text('trades.expiresHint')} errorMessage={fault('expires')}
        />
        <Select label={text('trades.currency')} value={draft.currency} onChange={currency => onChange({ currency })} errorMessage={fault('currency')} {...{ options }} />
      </div>
      <TextField label={text('trades.words')} isMultiline value={draft.text} onChange={text => onChange({ text })} errorMessage={fault('text')} />
      <RunningTotal {...{ total }} currency={draft.currency} side={draft.side} />
    </>
  )
}

/** A start of delivery to begin with: tomorrow at noon. */
export function tomorrow (timeZone: string): ZonedDateTime {
  return toZoned(today(timeZone).add({ days: 1 }), timeZone).set({ hour: 12 })
}

/** In what a price is typed: what stands beside the digits where one is shown. */
function PriceUnit ({ currency, writing: { locale, priceOptions } }: { currency: string, writing: Writing }) {
  const unit = isInCents(currency, priceOptions) ? formatPrice(0, currency, locale, priceOptions).replace(formatDecimal(0, locale), '').trim() : `${currency}/kWh`
  return <bdi>{unit}</bdi>
}
