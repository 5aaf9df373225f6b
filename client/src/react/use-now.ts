import { useEffect, useState } from 'react'
import { useStore } from './provider.js'

/**
 * The server's clock, in ms since the epoch, in whole steps of `every` ms: for times that run out before the reader's eyes. The
 * component is rendered again with each step.
 */
export function useNow (every = 1000): number {
  const store = useStore()
  const [now, setNow] = useState(() => stepOf(store.now(), every))
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    const tick = () => {
      const exact = store.now()
      setNow(stepOf(exact, every))
      timer = setTimeout(tick, every - exact % every)
    }
    tick()
    return () => clearTimeout(timer)
  }, [store, every])
  return now
}

function stepOf (time: number, every: number): number {
  return time - time % every
}
