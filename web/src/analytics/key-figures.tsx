import type { Traded } from 'equilux-chat-client/analytics'
import { KeyFigure } from './figure/key-figure.js'
import { useMedianText } from './figures/use-median-text.js'
import { closedIn } from './figures/outcomes.js'
import type { OwnFigureProps } from './figures/own-figure.js'
import { useNumberText } from './use-number-text.js'
import { useSay } from './words.js'

/** What a range comes to, in a few numbers. */
export function KeyFigures ({ figures: { totals, currency }, side }: Pick<OwnFigureProps, 'figures' | 'side'>) {
  const say = useSay()
  const number = useNumberText()
  const medianText = useMedianText()
  const { sold, bought, accepted, acceptanceRate, meanSecondsToAgreement: mean, meanSpreadBps } = totals
  const forMoney = ({ value, trades }: Traded) => say('analytics.forMoney', { money: number.money(value, currency), count: trades })
  return (
    <section aria-label={say('analytics.keyFigures')}>
      <dl className='grid grid-cols-2 gap-3 md:grid-cols-3'>
        {side !== 'buy' && <KeyFigure name={say('analytics.sold')} value={number.energy(sold.amount)} more={forMoney(sold)} />}
        {side !== 'sell' && <KeyFigure name={say('analytics.bought')} value={number.energy(bought.amount)} more={forMoney(bought)} />}
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
