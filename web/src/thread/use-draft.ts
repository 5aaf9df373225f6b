import { useChat } from 'equilux-chat-client/react'
import { useCallback, useState } from 'react'
import { placeOf, readDraft, writeDraft } from './drafts.js'

/**
 * What is being written to a user: for as long as this tab is there, also after the thread was left or the page loaded again.
 * @returns the text, and what changes it
 */
export function useDraft (userId: string): [string, (text: string) => void] {
  const me = useChat(({ me }) => me)
  const place = placeOf(me, userId)
  const [draft, setDraft] = useState({ place, text: readDraft(place) })
  // Who one is may become known only after the field is shown.
  const text = draft.place === place || draft.text !== '' ? draft.text : readDraft(place)
  const change = useCallback((text: string) => {
    setDraft({ place, text })
    writeDraft(place, text)
  }, [place])
  return [text, change]
}
