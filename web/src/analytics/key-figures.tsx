import type { Analytics, Traded } from 'equilux-chat-client/analytics'
import type { ReactNode } from 'react'
import { useMedianText } from './figures/agreement-classes.js'
import { closedIn } from './figures/outcomes.js'
import { useNumberText } from './use-number-text.js'
import { useSay } from './words.js'

/** What a range comes to, in a few numbers. */
export function KeyFigures ({ figures: { totals, currency } }: { figures: Analytics }) {
  const say = useSay()
  const number = useNumberText()
  const medianText = useMedianText()
  const { sold, bought, accepted, acceptanceRate, meanSecondsToAgreement: mean, meanSpreadBps } = totals
  const forMoney = ({ value, trades }: Traded) => say('analytics.forMoney', { money: number.money(value, currency), count: trades })
  return (
    <section aria-label={say('analytics.keyFigures')}>
      <dl className='grid grid-cols-1 gap-3 min-[26rem]:grid-cols-2 md:grid-cols-3'>
        <KeyFigure name={say('analytics.sold')} value={number.energy(sold.amount)} more={forMoney(sold)} />
        <KeyFigure name={say('analytics.bought')} value={number.energy(bought.amount)} more={forMoney(bought)} />
        <KeyFigure
          name={say('analytics.averagePrice')} value={number.price(sold.vwap ?? bought.vwap, currency)}
          more={sold.vwap !== null && bought.vwap !== null ? `${say('analytics.bought')}: ${number.price(bought.vwap, currency)}` : undefined}
        />
        <KeyFigure
          name={say('analytics.acceptanceRate')} value={number.rate(acceptanceRate)}
          more={say('analytics.acceptedOf', { accepted: number.count(accepted), closed: number.count(closedIn(totals)) })}
        />
        <KeyFigure name={say('analytics.medianTime')} value={medianText(totals)} more={mean === null ? undefined : say('analytics.meanTime', { time: number.duration(mean) })} />
        <KeyFigure name={say('analytics.meanSpread')} value={number.spread(meanSpreadBps)} more={say('analytics.meanSpreadHint')} />
      </dl>
    </section>
  )
}

function KeyFigure ({ name, value, more }: { name: string, value: ReactNode, more?: ReactNode }) {
  return (
    <div className='flex min-w-0 flex-col gap-0.5 rounded-2xl border border-line bg-raised px-4 py-3.5'>
      <dt className='text-sm text-muted'>{name}</dt>
      <dd className='text-xl font-semibold tracking-tight wrap-anywhere tabular-nums sm:text-2xl'>{value}</dd>
      {more !== undefined && <dd className='text-sm text-muted wrap-anywhere tabular-nums'>{more}</dd>}
    </div>
  )
}
