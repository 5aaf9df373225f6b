import { Handshake, SearchX } from 'lucide-react'
import { Link } from 'wouter'
import { useText } from '../i18n/index.js'
import { Button, EmptyState } from '../ui/index.js'
import { isFiltered, readFilter, type Filter } from './filter.js'

/** There is nothing to show: because of the filter, or because nothing was ever offered. */
export function NoTrades ({ filter, setFilter }: { filter: Filter, setFilter: (filter: Filter) => void }) {
  const text = useText()
  if (isFiltered(filter)) {
    return (
      <EmptyState title={text('trades.noneMatch')} icon={SearchX}>
        <p>{text('trades.noneMatchHint')}</p>
        <Button onPress={() => setFilter(readFilter(new URLSearchParams()))}>{text('trades.clearFilters')}</Button>
      </EmptyState>
    )
  }
  return (
    <EmptyState title={text('trades.none')} icon={Handshake}>
      <p>{text('trades.noneHint')}</p>
      <Link href='/conversations' className='rounded-lg font-medium text-accent underline underline-offset-2'>{text('trades.toConversations')}</Link>
    </EmptyState>
  )
}
