import { useEffect, useState } from 'react'

/**
 * The key that was typed in, and how many have been. It is nowhere but in this page's memory and gone with the view; with the page too, which a browser
 * may keep as it is for whoever goes back to it.
 */
export function useKey () {
  const [entered, setEntered] = useState<{ key: string, times: number }>()
  const forget = () => setEntered(undefined)
  useEffect(() => {
    addEventListener('pagehide', forget)
    return () => removeEventListener('pagehide', forget)
  }, [])
  return { entered, enter: (key: string) => setEntered(before => ({ key, times: (before?.times ?? 0) + 1 })), forget }
}
