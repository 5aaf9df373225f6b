import { useChat } from 'equilux-chat-client/react'
import { useCallback, useState } from 'react'

/**
 * What is being written to a user: for as long as this tab is there, also after the thread was left or the page loaded again.
 * @returns the text, and what changes it
 */
export function useDraft (userId: string): [string, (text: string) => void] {
  const me = useChat(({ me }) => me)
  const place = placeOf(me, userId)
  const [draft, setDraft] = useState({ place, text: read(place) })
  // Who one is may become known only after the field is shown.
  const text = draft.place === place || draft.text !== '' ? draft.text : read(place)
  const change = useCallback((text: string) => {
    setDraft({ place, text })
    write(place, text)
  }, [place])
  return [text, change]
}

function placeOf (me: string | undefined, userId: string): string {
  return `equilux:draft ${JSON.stringify([me, userId])}`
}

function read (place: string): string {
  try {
    return sessionStorage.getItem(place) ?? ''
  } catch {
    // A browser that keeps nothing has kept no draft.
    return ''
  }
}

function write (place: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(place)
    else sessionStorage.setItem(place, text)
  } catch (error) {
    reportError(error)
  }
}
