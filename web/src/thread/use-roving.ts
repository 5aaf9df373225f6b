import { useMemo, useState, type FocusEvent, type KeyboardEvent } from 'react'
import { flushSync } from 'react-dom'
import type { Row } from './rows.js'

/** How many messages PageUp and PageDown pass over. */
const page = 10
/** How far each key goes. */
const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, PageUp: -page, PageDown: page, Home: -Infinity, End: Infinity }

/** Goes through the messages by keys: the tab key comes to one of them, and arrows, PageUp, PageDown, Home and End go on from there. */
export function useRoving (rows: readonly Row[]) {
  // The one before stays in the page until the next has the focus.
  const [[chosen, before], setChosen] = useState<[string?, string?]>([])
  const places = useMemo(() => rows.flatMap(({ kind }, index) => kind === 'entry' ? [index] : []), [rows])
  const chosenIndex = useMemo(() => rows.findIndex(({ key }) => key === chosen), [rows, chosen])
  const beforeIndex = useMemo(() => before === undefined ? -1 : rows.findIndex(({ key }) => key === before), [rows, before])
  // The newest as long as none was chosen, or the one chosen is gone.
  const index = chosenIndex === -1 ? places.at(-1) : chosenIndex

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = steps[event.key]
    const key = keyOf(event.target)
    // What is within a message has keys of its own.
    if (step === undefined || key === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const at = places.findIndex(place => rows[place]?.key === key)
    const to = places[Math.max(0, Math.min(places.length - 1, at + step))]
    const row = to === undefined ? undefined : rows[to]
    if (row === undefined) return
    // One that is out of view is put into the page first.
    flushSync(() => setChosen([row.key, key]))
    focusOn(event.currentTarget, row.key)
  }
  const onFocus = ({ target }: FocusEvent<HTMLElement>) => {
    const key = keyOf(target)
    if (key !== undefined) setChosen([key])
  }

  return {
    /** The message to which the tab key comes. */
    entrance: index === undefined ? undefined : rows[index]?.key,
    keepMounted: useMemo(() => [index, beforeIndex].filter(place => place !== undefined && place !== -1) as number[], [index, beforeIndex]),
    listProps: { onKeyDown, onFocus }
  }
}

/** Moves the focus to a message as soon as it can have it: as long as it wasn't measured it is hidden. */
function focusOn (list: HTMLElement, key: string, attempts = 30) {
  const element = list.querySelector<HTMLElement>(`[data-entry="${CSS.escape(key)}"]`)
  element?.focus({ preventScroll: true })
  if (element !== null && document.activeElement === element) element.scrollIntoView({ block: 'nearest' })
  else if (attempts > 0) requestAnimationFrame(() => focusOn(list, key, attempts - 1))
}

function keyOf (target: EventTarget): string | undefined {
  return target instanceof HTMLElement ? target.dataset.entry : undefined
}
