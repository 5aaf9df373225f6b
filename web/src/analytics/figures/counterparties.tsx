import type { Counterparties as Answer, Traded } from 'equilux-chat-client/analytics'
import { isolate } from 'equilux-chat-client/format'
import { useStore } from 'equilux-chat-client/react'
import { useMemo } from 'react'
import { Link } from 'wouter'
import { useLocale } from '../../i18n/index.js'
import { useNames } from '../../offers/use-person.js'
import { Select } from '../../ui/index.js'
import type { Drawing } from '../chart/drawing.js'
import type { Column } from '../figure/column.js'
import { Figure } from '../figure/figure.js'
import { Nothing } from '../figure/nothing.js'
import { monthsAround } from '../query/months.js'
import { useNumberText } from '../use-number-text.js'
import { useSay } from '../words.js'

/** A counterparty, or without a user's id all that aren't named. */
interface Row { userId: string | null, name: string, sold: Traded, bought: Traded }

const bar = { kind: 'bar' } as const

interface Props {
  answer: Answer
  /** The month that is asked for: the answer may still be that of another. */
  month: string
  onMonth: (month: string) => void
}

/** With whom the reader traded in a month. */
export function Counterparties ({ answer: { month: shownMonth, currency, counterparties, others }, month, onMonth }: Props) {
  const say = useSay()
  const number = useNumberText()
  const { locale } = useLocale()
  const { now } = useStore()
  const nameOf = useNames(useMemo(() => counterparties.map(({ userId }) => userId), [counterparties]))
  const rows = useMemo<Row[]>(() => [
    ...counterparties.map(({ userId, sold, bought }) => ({ userId, name: nameOf(userId), sold, bought })),
    ...others.count === 0 ? [] : [{ userId: null, name: say('analytics.others', { count: others.count }), sold: others.sold, bought: others.bought }]
  ], [counterparties, others, nameOf, say])
  const monthText = useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: 'long', year: 'numeric' })
    return (month: string) => format.format(new Date(`${month}-01`))
  }, [locale])
  const drawing = useMemo<Drawing>(() => ({
    labels: rows.map(({ name }) => ({ short: name, full: name })),
    axis: { title: say('analytics.axis.energy'), tick: number.tick },
    isHorizontal: true,
    isStacked: true,
    series: [
      { ...bar, label: say('analytics.sold'), values: rows.map(({ sold }) => Number(sold.amount)), text: index => number.energy(rows[index]?.sold.amount ?? null), colour: 'accent', pattern: 'solid' },
      { ...bar, label: say('analytics.bought'), values: rows.map(({ bought }) => Number(bought.amount)), text: index => number.energy(rows[index]?.bought.amount ?? null), colour: 'warn', pattern: 'diagonal' }
    ]
  }), [rows, say, number])
  const columns: Array<Column<Row>> = [
    { name: 'counterparty', value: ({ userId }) => userId },
    { name: 'counterpartyName', value: ({ name }) => name, shown: { label: say('analytics.counterparties'), cell: ({ userId, name }) => userId === null ? name : <PersonName {...{ userId, name }} /> } },
    ...(['sold', 'bought'] as const).flatMap((direction): Array<Column<Row>> => [
      { name: `${direction}Trades`, value: row => row[direction].trades },
      { name: `${direction}AmountKWh`, value: row => row[direction].amount, shown: { label: say(`analytics.${direction}`), cell: row => number.energy(row[direction].amount) } },
      { name: `${direction}Value`, value: row => row[direction].value, shown: { label: say(direction === 'sold' ? 'analytics.column.proceeds' : 'analytics.column.cost'), cell: row => number.money(row[direction].value, currency) } },
      { name: `${direction}PricePerKWh`, value: row => row[direction].vwap, shown: { label: say(`analytics.column.${direction}Price`), cell: row => number.price(row[direction].vwap, currency) } }
    ]),
    { name: 'currency', value: () => currency }
  ]
  const first = rows[0]
  const most = first === undefined ? 0 : Number(first.sold.amount) >= Number(first.bought.amount) ? first.sold.amount : first.bought.amount
  return (
    <Figure
      title={say('analytics.counterparties')} hint={say('analytics.counterpartiesHint')} fileName={`counterparties-${shownMonth}`}
      {...{ drawing, columns, rows }} keyOf={({ userId }) => userId ?? ''} height={heightFor(rows.length)}
      label={say('analytics.counterpartiesLabel', { month: monthText(shownMonth), name: isolate(first?.name ?? ''), energy: number.energy(String(most)) })}
      nothing={rows.length === 0 ? <Nothing>{say('analytics.counterpartiesNone', { month: monthText(shownMonth) })}</Nothing> : undefined}
      controls={(
        <Select
          label={say('analytics.month')} isLabelHidden value={month} onChange={onMonth} className='min-w-40'
          options={monthsAround(now(), month).map(value => ({ value, label: monthText(value) }))}
        />
      )}
    />
  )
}

function PersonName ({ userId, name }: { userId: string, name: string }) {
  return <Link href={`/conversations/${encodeURIComponent(userId)}`} className='rounded font-medium text-accent underline underline-offset-2'><bdi>{name}</bdi></Link>
}

/** Bars that lie take room by how many there are. */
function heightFor (count: number): string {
  return count <= 3 ? 'min-h-52' : count <= 8 ? 'min-h-80' : count <= 14 ? 'min-h-112' : 'min-h-160'
}
