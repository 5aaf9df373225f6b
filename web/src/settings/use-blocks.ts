import type { ChatError } from 'equilux-chat-client'
import type { Block } from 'equilux-chat-client/account'
import { useStore } from 'equilux-chat-client/react'
import { useEffect, useState } from 'react'
import { useAccount } from '../safety/use-account.js'

export interface Blocks {
  blocks: readonly Block[]
  isLoading: boolean
  /** Why they can't be read, or one not be taken back. */
  error?: ChatError
}

/** Whom the reader has blocked; asked for once, when it is shown. */
export function useBlocks (): Blocks & { unblock: (userId: string) => void } {
  const store = useStore()
  const account = useAccount()
  const [state, setState] = useState<Blocks>({ blocks: [], isLoading: true })
  useEffect(() => {
    let isShown = true
    const read = async () => {
      const { data: blocks = [], error } = await account.blocks()
      if (isShown) setState({ blocks, isLoading: false, error })
    }
    read()
    return () => { isShown = false }
  }, [account])
  const unblock = async (userId: string) => {
    const error = await store.block(userId, false)
    setState(({ blocks, isLoading }) => error === undefined ? { blocks: blocks.filter(block => block.userId !== userId), isLoading } : { blocks, isLoading, error })
  }
  return { ...state, unblock: userId => { unblock(userId) } }
}
