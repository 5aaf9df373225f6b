import { useEffect, useState } from 'react'
import { useAccount } from './use-account.js'

/** Until when the reader is suspended (RFC 3339); undefined until that is known, or where it isn't so any more. */
export function useSuspension (): string | undefined {
  const account = useAccount()
  const [until, setUntil] = useState<string>()
  useEffect(() => {
    let isShown = true
    const ask = async () => {
      const { data } = await account.me()
      if (isShown) setUntil(data?.suspendedUntil ?? undefined)
    }
    ask()
    return () => { isShown = false }
  }, [account])
  return until
}
