import type { MessageAttachment } from 'equilux-chat-client'
import type { Entry } from 'equilux-chat-client/store'
import { memo, useId } from 'react'
import { MessageFiles } from '../attachments/index.js'
import { useLocale, useText } from '../i18n/index.js'
import { OfferMessage } from '../offers/index.js'
import { classes } from '../ui/index.js'
import { EntryState } from './entry-state.js'
import { ErasedMessage } from './erased-message.js'
import { FailedNotice } from './failed-notice.js'
import { TextMessage } from './text-message.js'

interface Props {
  entry: Entry
  isFirst: boolean
  isLast: boolean
  /** Of the other user. */
  name: string
  /** Whether the tab key comes here. */
  isEntrance: boolean
  onRetry: (key: string) => void
  onDiscard: (key: string) => void
  onEdit: (text: string, attachments: readonly MessageAttachment[]) => void
}

/** A message: a text in a bubble, its files, an offer as a card, a move as a line; when, and what became of it. */
export const EntryView = memo(function EntryView ({ entry, isFirst, isLast, name, isEntrance, onRetry, onDiscard, onEdit }: Props) {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const [head, body] = [useId(), useId()]
  const { key, isOwn, state, message, error } = entry
  const { messageType, seq, timestamp } = message
  const isText = messageType === 'text'
  const said = message.text ?? ''
  const attachments = message.messageType === 'tradeResponse' ? undefined : message.attachments
  const isErased = message.seq !== undefined && message.erased === true
  const isSettled = state === 'received' || state === 'delivered' || state === 'read'
  const time = new Intl.DateTimeFormat(locale, { timeZone, timeStyle: 'short' }).format(new Date(timestamp))
  return (
    <article
      data-entry={key} tabIndex={isEntrance ? 0 : -1} aria-labelledby={`${head} ${body}`} aria-posinset={seq} aria-setsize={seq === undefined ? undefined : -1}
      className={classes('group flex flex-col gap-1 rounded-lg -outline-offset-2', isFirst ? 'pt-2' : 'pt-0.5', isLast && 'pb-2', isOwn ? 'items-end' : 'items-start')}
    >
      <span id={head} className='sr-only'>{isOwn ? text('chat.you') : <bdi>{name}</bdi>}, <time dateTime={timestamp}>{time}</time></span>
      <div id={body} className={classes('flex min-w-0 max-w-[min(88%,34rem)] flex-col gap-1', isOwn ? 'items-end' : 'items-start', !isText && 'w-full')}>
        {!isText && <div className='w-full'><OfferMessage message={message} isOwn={isOwn} /></div>}
        <MessageFiles {...{ attachments, isOwn, name }} isStored={seq !== undefined} />
        {isText && (isErased ? <ErasedMessage /> : said !== '' && <TextMessage {...{ isOwn, isFirst, isLast }} text={said} />)}
      </div>
      {(isLast || !isSettled) && (
        <span className='flex items-center gap-1 px-1 text-xs text-muted'>
          {'via' in message && message.via !== undefined && <span>{text('chat.via', { name: message.via })} ·</span>}
          <time dateTime={timestamp} className='tabular-nums'>{time}</time>
          {isOwn && <EntryState state={state} />}
        </span>
      )}
      {state === 'failed' && (
        <FailedNotice
          error={error} name={name} onRetry={() => onRetry(key)} onDiscard={() => onDiscard(key)}
          onEdit={isText
            ? () => {
                // Files for which it was refused have to be attached anew.
                onEdit(said, error?.code.startsWith('attachment_') === true ? [] : attachments ?? [])
                onDiscard(key)
              }
            : undefined}
        />
      )}
    </article>
  )
})
