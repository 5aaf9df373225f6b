import type { TradeOffer } from 'equilux-chat-client'
import { useText } from '../i18n/index.js'
import { Button, Notice, Spinner } from '../ui/index.js'
import { since } from './differences.js'
import { errorText } from './error-text.js'
import { otherOf } from './standing.js'
import { StatusBadge } from './status-badge.js'
import { Terms } from './terms.js'
import { Timeline } from './timeline.js'
import { useHistory } from './use-history.js'

/**
 * What happened to an offer since the reader saw it, and how it stands: in place of a move that came too late.
 * @param seen the offer as the reader saw it
 */
export function Meanwhile ({ seen, offer, me, onClose }: { seen: TradeOffer, offer: TradeOffer, me: string, onClose: () => void }) {
  const text = useText()
  const { moves, error } = useHistory(offer)
  const news = moves && since(moves, seen.revision)
  return (
    <div className='flex flex-col gap-4'>
      <Notice tone='warn'>{text('trades.meanwhile')}</Notice>
      {news === undefined && error === undefined && <Spinner label={text('trades.loading')} />}
      {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
      {news !== undefined && news.length > 0 && (
        <section className='flex flex-col gap-3'>
          <h3 className='text-sm font-semibold'>{text('trades.happened')}</h3>
          <Timeline moves={news} other={otherOf(offer, me)} />
        </section>
      )}
      <section className='flex flex-col gap-3 rounded-lg border border-line p-4'>
        <h3 className='flex items-center justify-between gap-2 text-sm font-semibold'>{text('trades.asItIs')}<StatusBadge {...{ offer, me }} /></h3>
        <Terms terms={offer.currentProposal} before={seen.revision === offer.revision ? undefined : seen.currentProposal} />
      </section>
      <div className='flex justify-end'><Button variant='primary' onPress={onClose}>{text('trades.back')}</Button></div>
    </div>
  )
}
