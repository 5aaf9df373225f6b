import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { ChatSnapshot } from '../store/index.js'
import { useStore } from './provider.js'
import { isShallowEqual } from './shallow-equal.js'

/**
 * What a selector takes from the snapshot. The component is rendered again only when that is another: compared by identity, which
 * the store keeps while a thing is the same, or, where the selector makes an object or array itself, member by member.
 */
export function useChat<Selected> (select: (snapshot: ChatSnapshot) => Selected): Selected {
  const store = useStore()
  const last = useRef<{ snapshot: ChatSnapshot, select: typeof select, selected: Selected }>(undefined)
  const subscribe = useCallback((changed: () => void) => store.subscribe(changed), [store])
  const selectNow = () => {
    const snapshot = store.getSnapshot()
    const known = last.current
    if (known?.snapshot === snapshot && known.select === select) return known.selected
    const made = select(snapshot)
    const selected = known !== undefined && isShallowEqual(known.selected, made) ? known.selected : made
    last.current = { snapshot, select, selected }
    return selected
  }
  return useSyncExternalStore(subscribe, selectNow, selectNow)
}
