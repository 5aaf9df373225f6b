import { formatRelative, formatTime } from 'equilux-chat-client/format'
import { useNow } from 'equilux-chat-client/react'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components/Table'
import { otherOf, sideOf } from '../offers/standing.js'
import { StatusBadge } from '../offers/status-badge.js'
import { useTermText } from '../offers/use-term-text.js'
import { useLocale, useText } from '../i18n/index.js'
import { classes } from '../ui/index.js'
import { columns, type Column as ColumnName } from './filter.js'
import type { ListProps } from './list-props.js'
import { PersonLink } from './person-link.js'
import { TimelineButton } from './timeline-button.js'

const atEnd: readonly ColumnName[] = ['energy', 'price', 'total']
const cell = 'px-3 py-2.5 text-sm outline-offset-[-2px]'

/** Offers as a table, sorted by any of its columns. */
export function TradeTable ({ rows, me, nameOf, sorting, onSort }: ListProps) {
  const text = useText()
  const termText = useTermText()
  return (
    <div className='overflow-x-auto rounded-xl border border-line bg-raised'>
      <Table
        aria-label={text('trades.title')} className='w-full border-collapse text-start'
        sortDescriptor={sorting && { column: sorting.column, direction: sorting.isDescending ? 'descending' : 'ascending' }}
        onSortChange={({ column, direction }) => onSort({ column: column as ColumnName, isDescending: direction === 'descending' })}
      >
        <TableHeader>
          {columns.map(name => (
            <Column
              key={name} id={name} allowsSorting isRowHeader={name === 'other'}
              className={classes(cell, 'group cursor-pointer border-b border-line py-3 font-medium whitespace-nowrap text-muted hover:text-ink', atEnd.includes(name) ? 'text-end' : 'text-start')}
            >
              {({ sortDirection }) => {
                const Icon = sortDirection === undefined ? ChevronsUpDown : sortDirection === 'ascending' ? ArrowUp : ArrowDown
                return <span className='inline-flex items-center gap-1'>{text(`trades.column.${name}`)}<Icon aria-hidden className={classes('size-3.5', sortDirection === undefined && 'opacity-40', atEnd.includes(name) && 'order-first')} /></span>
              }}
            </Column>
          ))}
          <Column id='history' className={classes(cell, 'border-b border-line')}><span className='sr-only'>{text('trades.history')}</span></Column>
        </TableHeader>
        <TableBody>
          {rows.map(offer => {
            const { messageId, currentProposal: terms } = offer
            const other = otherOf(offer, me)
            return (
              <Row key={messageId} id={messageId} className='border-b border-line outline-offset-[-2px] last:border-0 hover:bg-sunken/50'>
                <Cell className={cell}><PersonLink userId={other} name={nameOf(other)} {...{ messageId }} /></Cell>
                <Cell className={cell}>{text(`trades.side.${sideOf(offer, me)}`)}</Cell>
                {atEnd.map(name => <Cell key={name} className={classes(cell, 'text-end whitespace-nowrap tabular-nums', name === 'total' && 'font-semibold')}>{termText(name as 'energy' | 'price' | 'total', terms)}</Cell>)}
                <Cell className={classes(cell, 'min-w-44')}>{termText('delivery', terms)}</Cell>
                <Cell className={cell}><StatusBadge {...{ offer, me }} /></Cell>
                <Cell className={classes(cell, 'whitespace-nowrap text-muted')}><Ago at={offer.updatedAt} /></Cell>
                <Cell className={classes(cell, 'ps-0')}><TimelineButton {...{ offer }} name={nameOf(other)} /></Cell>
              </Row>
            )
          })}
        </TableBody>
      </Table>
    </div>
  )
}

/** How long ago something was; the time itself is shown to who points at it. */
function Ago ({ at }: { at: string }) {
  const { locale, timeZone } = useLocale()
  const now = useNow(60_000)
  return <time dateTime={at} title={formatTime(at, locale, { timeZone })}>{formatRelative(at, Math.max(now, Date.parse(at)), locale)}</time>
}
