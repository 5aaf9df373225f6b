import type { ChatError } from 'equilux-chat-client'
import type { MakeReport } from 'equilux-chat-client/account'
import { useStore } from 'equilux-chat-client/react'
import { useRef, useState } from 'react'
import { useAccount } from './use-account.js'

export type Complaint = Omit<MakeReport, 'userId'>

/** A report on its way: one at a time. */
export interface Reporting {
  state: 'idle' | 'busy' | 'done'
  /** Why the last try failed. */
  error?: ChatError
  /** @param alsoBlock whether the user is blocked as well, once the report has arrived */
  report: (complaint: Complaint, alsoBlock: boolean) => void
}

export function useReporting (userId: string): Reporting {
  const store = useStore()
  const account = useAccount()
  const [{ state, error }, setState] = useState<Pick<Reporting, 'state' | 'error'>>({ state: 'idle' })
  const hasArrived = useRef(false)
  const report = async (complaint: Complaint, alsoBlock: boolean) => {
    if (state === 'busy') return
    setState({ state: 'busy' })
    const { error: refusal } = hasArrived.current ? {} : await account.report({ userId, ...complaint })
    hasArrived.current ||= refusal === undefined
    const error = refusal ?? (alsoBlock ? await store.block(userId, true) : undefined)
    setState({ state: error === undefined ? 'done' : 'idle', error })
  }
  return { state, error, report: (complaint, alsoBlock) => { report(complaint, alsoBlock) } }
}
