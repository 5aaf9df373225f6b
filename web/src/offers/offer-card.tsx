import type { Proposal, TradeOffer } from 'equilux-chat-client'
import { useChat } from 'equilux-chat-client/react'
import { History, Plug, Zap } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { Button, classes } from '../ui/index.js'
import { Countdown } from './countdown.js'
import { OfferActions } from './offer-actions.js'
import { openWindow } from './opened.js'
import { sideOf, type Side } from './standing.js'
import { StatusBadge } from './status-badge.js'
import { Summary } from './summary.js'
import { Terms } from './terms.js'

export interface OfferCardProps {
  offer: TradeOffer
  /** The terms that the message proposed, and those that they changed. */
  terms: Proposal
  before?: Proposal
  /** Whether they are the last ones proposed. */
  isStanding: boolean
  text?: string
}

/** Proposed terms in a thread, with what the reader can do about them as long as they stand. */
export function OfferCard ({ offer, terms, before, isStanding, text: said }: OfferCardProps) {
  const text = useText()
  const me = useChat(({ me }) => me) ?? ''
  const isOpen = isStanding && offer.awaiting !== null
  return (
    <CardFrame side={sideOf(offer, me)} isQuiet={!isOpen} badge={isStanding ? <StatusBadge {...{ offer, me }} /> : <Superseded />}>
      {isStanding
        ? <Terms {...{ terms, before }} expiry={isOpen ? <Countdown expiresAt={terms.expiresAt} /> : null} />
        : <Summary {...{ terms }} />}
      {said !== undefined && said !== '' && <p dir='auto' className='border-s-2 border-line ps-3 text-sm whitespace-pre-wrap wrap-anywhere'>{said}</p>}
      <div className='flex flex-wrap items-center gap-2'>
        {isOpen && <OfferActions {...{ offer, me }} />}
        <Button variant='quiet' size='small' className='ms-auto' onPress={() => openWindow('history', offer)}>
          <History aria-hidden className='size-4' />{text('trades.history')}
        </Button>
      </div>
    </CardFrame>
  )
}

function Superseded () {
  return <span className='text-xs text-muted'>{useText()('trades.superseded')}</span>
}

/** What a card looks like: what the reader does in the trade, and how that stands. */
export function CardFrame ({ side, badge, isQuiet = false, children }: { side: Side, badge: React.ReactNode, isQuiet?: boolean, children: React.ReactNode }) {
  const text = useText()
  const Icon = side === 'sell' ? Zap : Plug
  const title = text(side === 'sell' ? 'trades.youSell' : 'trades.youBuy')
  return (
    <div role='group' aria-label={text('trades.card', { title })} className={classes('flex w-full max-w-md flex-col gap-3 rounded-xl border bg-raised p-4 text-start text-ink', isQuiet ? 'border-line' : 'border-accent/50 shadow-sm')}>
      <header className='flex flex-wrap items-center justify-between gap-2'>
        <p className='flex items-center gap-2 font-semibold'>
          <span className={classes('rounded-full p-1.5', side === 'sell' ? 'bg-warn-soft text-warn' : 'bg-accent-soft text-accent')}><Icon aria-hidden className='size-4' /></span>
          {title}
        </p>
        {badge}
      </header>
      {children}
    </div>
  )
}
