import type { TradeOffer } from 'equilux-chat-client'
import type { Sorting } from './filter.js'

export interface ListProps {
  /** In the order in which they are shown. */
  rows: readonly TradeOffer[]
  me: string
  nameOf: (userId: string) => string
  sorting: Sorting | undefined
  onSort: (sorting: Sorting | undefined) => void
}
