import { useChat } from 'equilux-chat-client/react'
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import { errorText } from '../offers/error-text.js'
import { otherOf } from '../offers/standing.js'
import { useNames } from '../offers/use-person.js'
import { useLocale, useText } from '../i18n/index.js'
import { Button, Notice, Spinner } from '../ui/index.js'
import { Filters } from './filters.js'
import { NoTrades } from './no-trades.js'
import { sorted } from './sort.js'
import { TradeCards } from './trade-cards.js'
import { TradeTable } from './trade-table.js'
import { useDownload } from './use-download.js'
import { useIsWide } from './use-is-wide.js'
import { useFilter } from './use-search.js'
import { useTrades } from './use-trades.js'

/** The user's offers, as a table or as cards. */
export default function TradesView () {
  const text = useText()
  const { locale } = useLocale()
  const me = useChat(({ me }) => me) ?? ''
  const { filter, sorting, setFilter, setSorting } = useFilter()
  const { offers, status, error, hasMore, loadMore } = useTrades(filter)
  const { isBusy, error: downloadError, download } = useDownload(filter)
  const nameOf = useNames(useMemo(() => [...new Set(offers.map(offer => otherOf(offer, me)))], [offers, me]))
  const rows = useMemo(() => {
    const { compare } = new Intl.Collator(locale)
    return sorted(offers, sorting, { me, nameOf, compareNames: compare })
  }, [offers, sorting, me, nameOf, locale])
  const isWide = useIsWide()
  const List = isWide ? TradeTable : TradeCards
  return (
    <div className='min-h-0 flex-1 overflow-y-auto'>
      <div className='mx-auto flex w-full max-w-7xl flex-col gap-4 p-4 sm:p-6'>
        <header className='flex flex-wrap items-center justify-between gap-3'>
          <h1 className='text-xl font-semibold'>{text('trades.title')}</h1>
          <Button isPending={isBusy} isDisabled={rows.length === 0} onPress={download}>
            <Download aria-hidden className='size-4' />{text('trades.download')}
          </Button>
        </header>
        {downloadError !== undefined && <Notice tone='bad'>{errorText(downloadError, text)}</Notice>}
        <Filters {...{ filter }} onChange={setFilter} />
        {rows.length > 0 && <List {...{ rows, me, nameOf, sorting }} onSort={setSorting} />}
        {rows.length === 0 && status === 'ready' && !hasMore && <NoTrades {...{ filter, setFilter }} />}
        {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
        <footer className='flex flex-wrap items-center justify-center gap-3 text-sm text-muted' aria-live='polite'>
          {rows.length > 0 && <p>{text(hasMore ? 'trades.shownOfMore' : 'trades.shown', { count: rows.length })}</p>}
          {status === 'loading' && rows.length === 0 && <Spinner label={text('trades.loading')} />}
          {(hasMore || status === 'failed') && (rows.length > 0 || status !== 'loading') &&
            <Button isPending={status === 'loading'} onPress={loadMore}>{text(status === 'failed' ? 'trades.retry' : 'trades.more')}</Button>}
        </footer>
      </div>
    </div>
  )
}
