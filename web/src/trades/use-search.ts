import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { readFilter, readSorting, writeSearch, type Filter, type Sorting } from './filter.js'

const own = ['status', 'side', 'opened', 'with', 'move', 'sort', 'order']

/** The filter and the sorting that the page's address has. */
export function useFilter () {
  const [search, setSearch] = useSearchParams()
  const filter = useMemo(() => readFilter(search), [search])
  const sorting = useMemo(() => readSorting(search), [search])
  const write = useCallback((filter: Filter, sorting: Sorting | undefined) => {
    setSearch(before => {
      const others = Array.from(before).filter(([name]) => !own.includes(name))
      return new URLSearchParams([...others, ...writeSearch(filter, sorting)])
    }, { replace: true })
  }, [setSearch])
  return {
    filter,
    sorting,
    setFilter: (changed: Partial<Filter>) => write({ ...filter, ...changed }, sorting),
    setSorting: (sorting: Sorting | undefined) => write(filter, sorting)
  }
}
