import { createAccount, type AccountClient } from 'equilux-chat-client/account'
import { useStore } from 'equilux-chat-client/react'
import { useMemo } from 'react'

/** The calls about the reader's own account. */
export function useAccount (): AccountClient {
  const { api } = useStore()
  return useMemo(() => createAccount(api), [api])
}
