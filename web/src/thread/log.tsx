import type { MessageAttachment } from 'equilux-chat-client'
import { useStore } from 'equilux-chat-client/react'
import type { Thread } from 'equilux-chat-client/store'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { useLocale, useText } from '../i18n/index.js'
import { EntryView } from './entry-view.js'
import { JumpButton } from './jump-button.js'
import { OlderNotice } from './older-notice.js'
import { countAfter, isPrepended, rowsOf, seqAt } from './rows.js'
import { DaySeparator, UnreadSeparator } from './separators.js'
import { useFollow } from './use-follow.js'
import { useOlder } from './use-older.js'
import type { Opening } from './use-opening.js'
import { useReading } from './use-reading.js'
import { useRoving } from './use-roving.js'

interface Props {
  thread: Thread
  /** Of the other user. */
  name: string
  opening: Opening
  /** Takes a message that wasn't delivered back into the field. */
  onEdit: (text: string, attachments: readonly MessageAttachment[]) => void
}

/** The messages of a thread, of which only those in view are in the page. */
export function Log ({ thread, name, opening: { isOpen, readSeq }, onEdit }: Props) {
  const text = useText()
  const { retry: handleRetry, discard: handleDiscard } = useStore()
  const { timeZone } = useLocale()
  const { userId, entries } = thread
  const feed = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const rows = useMemo(() => rowsOf(entries, timeZone, readSeq), [entries, timeZone, readSeq])

  const shown = useRef(rows)
  const isShifted = rows !== shown.current && isPrepended(shown.current, rows)
  useLayoutEffect(() => { shown.current = rows })

  const unreadIndex = useMemo(() => rows.findIndex(({ kind }) => kind === 'unread'), [rows])
  const { leftAt, toEnd: handleJump, look: lookAtEnd } = useFollow(feed, list, entries, rows.length, unreadIndex)
  const { look: lookAhead, ...older } = useOlder(list, thread, isOpen)
  const read = useReading(userId, useCallback(() => {
    if (!isOpen || list.current === null) return undefined
    const { scrollOffset, viewportSize } = list.current
    return seqAt(rows, list.current.findItemIndex(scrollOffset + viewportSize - 1))
  }, [rows, isOpen]))
  const roving = useRoving(rows)

  const look = useCallback(() => {
    // As long as the thread goes to where it begins, others that come before it would take its place.
    if (lookAtEnd()) lookAhead()
    read()
  }, [lookAtEnd, lookAhead, read])
  useEffect(() => {
    const frame = requestAnimationFrame(look)
    return () => cancelAnimationFrame(frame)
  }, [look, rows])

  return (
    <div className='relative flex min-h-0 flex-1 flex-col'>
      <OlderNotice {...older} />
      <div
        ref={feed} role='feed' aria-label={text('chat.messagesWith', { name })} aria-busy={older.isLoading} {...roving.listProps}
        // The list takes no presses for a while after each scrolling: with messages coming in, hardly any.
        className='flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain px-3 [overflow-anchor:none] *:pointer-events-auto! md:px-6'
      >
        <div className='grow' />
        <Virtualizer ref={list} data={rows} shift={isShifted} bufferSize={400} keepMounted={roving.keepMounted} onScroll={look} onScrollEnd={look} onResize={look}>
          {row => row.kind === 'day'
            ? <DaySeparator key={row.key} at={row.at} />
            : row.kind === 'unread'
              ? <UnreadSeparator key={row.key} />
              : (
                <EntryView
                  key={row.key} entry={row.entry} isFirst={row.isFirst} isLast={row.isLast} name={name} isEntrance={row.key === roving.entrance}
                  onRetry={handleRetry} onDiscard={handleDiscard} onEdit={onEdit}
                />
                )}
        </Virtualizer>
      </div>
      <JumpButton isShown={leftAt !== undefined} count={leftAt === undefined ? 0 : countAfter(entries, leftAt)} onPress={handleJump} />
    </div>
  )
}
