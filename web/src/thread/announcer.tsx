import type { Entry, EntryState } from 'equilux-chat-client/store'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../i18n/index.js'
import { moveOf } from './move-of.js'
import { previewOf } from '../conversations/preview.js'

/** How many of the last entries are watched. */
const watched = 20

interface Props {
  entries: readonly Entry[]
  name: string
  /** Whether what comes from now on is new. */
  isReady: boolean
}

/**
 * Says aloud what comes, and what becomes of what was sent. The messages themselves come and go as one scrolls, which isn't to be
 * read out; so the log that is read out is this one.
 */
export function Announcer ({ entries, name, isReady }: Props) {
  const text = useText()
  const [lines, setLines] = useState<Array<{ key: string, words: string }>>([])
  const before = useRef<Map<string, EntryState>>(undefined)
  useEffect(() => {
    if (!isReady) return
    const last = entries.slice(-watched)
    const known = before.current
    before.current = new Map(last.map(({ key, state }) => [key, state]))
    if (known === undefined) return
    const said = last.flatMap(({ key, isOwn, state, message }) => {
      if (!isOwn) return known.has(key) || message.seq === undefined ? [] : [{ key, words: text('chat.heard', { name, text: previewOf(moveOf(message), undefined, text) }) }]
      const was = known.get(key)
      const isNews = was !== state && (state === 'failed' || state === 'queued' || (state === 'delivered' && (was === 'queued' || was === 'failed')))
      return isNews ? [{ key: `${key} ${state}`, words: text(`chat.state.${state}`) }] : []
    })
    if (said.length > 0) setLines(lines => [...lines.filter(({ key }) => said.every(line => line.key !== key)), ...said].slice(-3))
  }, [entries, isReady, name, text])
  return <div role='log' aria-live='polite' aria-label={text('chat.news')} className='sr-only'>{lines.map(({ key, words }) => <p key={key}>{words}</p>)}</div>
}
