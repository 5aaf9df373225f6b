import type { TradeOffer } from 'equilux-chat-client'
import { useChat } from 'equilux-chat-client/react'
import { useText } from '../i18n/index.js'
import { Button, Dialog, Notice, Spinner } from '../ui/index.js'
import { errorText } from './error-text.js'
import { otherOf } from './standing.js'
import { StatusBadge } from './status-badge.js'
import { Timeline } from './timeline.js'
import { useHistory } from './use-history.js'

/** The history of an offer, live for as long as it is looked at. */
export default function TimelineDialog ({ offer, isOpen, onOpenChange }: { offer: TradeOffer, isOpen: boolean, onOpenChange: (isOpen: boolean) => void }) {
  const text = useText()
  const me = useChat(({ me }) => me) ?? ''
  const { moves, error, retry } = useHistory(offer)
  return (
    <Dialog {...{ isOpen, onOpenChange }} title={text('trades.historyTitle')}>
      <div className='flex flex-col gap-5'>
        {error !== undefined && (
          <Notice tone='bad'>
            <p>{errorText(error, text)}</p>
            <Button size='small' className='mt-2' onPress={retry}>{text('trades.retry')}</Button>
          </Notice>
        )}
        {moves === undefined
          ? error === undefined && <Spinner label={text('trades.loading')} />
          : <><Timeline {...{ moves }} other={otherOf(offer, me)} /><p className='flex'><StatusBadge {...{ offer, me }} /></p></>}
      </div>
    </Dialog>
  )
}
