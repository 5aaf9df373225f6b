import { sideOf, otherOf } from '../offers/standing.js'
import { StatusBadge } from '../offers/status-badge.js'
import { Terms } from '../offers/terms.js'
import { useText } from '../i18n/index.js'
import { Select } from '../ui/index.js'
import { columns, type Column } from './filter.js'
import type { ListProps } from './list-props.js'
import { PersonLink } from './person-link.js'
import { TimelineButton } from './timeline-button.js'

const orders = ['ascending', 'descending'] as const

/** Offers as cards, where there is no room for a table. */
export function TradeCards ({ rows, me, nameOf, sorting, onSort }: ListProps) {
  const text = useText()
  const sortings = columns.flatMap(column => orders.map(order => ({ value: `${column} ${order}`, label: text(`trades.sort.${order}`, { column: text(`trades.column.${column}`) }) })))
  return (
    <>
      <Select
        label={text('trades.sortBy')} value={sorting === undefined ? 'newest' : `${sorting.column} ${sorting.isDescending ? 'descending' : 'ascending'}`}
        options={[{ value: 'newest', label: text('trades.sort.newest') }, ...sortings]}
        onChange={value => onSort(value === 'newest' ? undefined : { column: value.split(' ')[0] as Column, isDescending: value.endsWith('descending') })}
      />
      <ul aria-label={text('trades.title')} className='grid gap-3 sm:grid-cols-2'>
        {rows.map(offer => {
          const other = otherOf(offer, me)
          return (
            <li key={offer.messageId} className='flex flex-col gap-3 rounded-xl border border-line bg-raised p-4'>
              <header className='flex items-center justify-between gap-2'>
                <PersonLink userId={other} name={nameOf(other)} messageId={offer.messageId} />
                <TimelineButton {...{ offer }} name={nameOf(other)} />
              </header>
              <p className='flex flex-wrap items-center justify-between gap-2 font-semibold'>
                {text(sideOf(offer, me) === 'sell' ? 'trades.youSell' : 'trades.youBuy')}<StatusBadge {...{ offer, me }} />
              </p>
              <Terms terms={offer.currentProposal} expiry={offer.awaiting === null ? null : undefined} />
            </li>
          )
        })}
      </ul>
    </>
  )
}
