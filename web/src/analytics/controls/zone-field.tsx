import { useMemo, useState } from 'react'
import { SearchSelect } from '../../ui/search-select.js'
import { useSay } from '../words.js'
import { zoneName, zonesLike } from './zones.js'

interface Props {
  /** IANA's name. */
  timeZone: string
  /** Where the reader is. */
  readers: string
  onChange: (timeZone: string) => void
  className?: string
}

/** In which time zone days and hours begin: any there is, found by its name. */
export function ZoneField ({ timeZone, readers, onChange, className }: Props) {
  const say = useSay()
  const [query, setQuery] = useState('')
  const options = useMemo(() => zonesLike(query, [timeZone, readers, 'UTC']).map(id => ({ id, name: zoneName(id) })), [query, timeZone, readers])
  return (
    <SearchSelect
      label={say('analytics.zone')} value={timeZone} onChange={onChange} shown={<bdi>{zoneName(timeZone)}</bdi>} options={options} query={query} onQuery={setQuery}
      searchLabel={say('analytics.zone.search')} nothing={say('analytics.zone.none', { query: query.trim() })} className={className}
    />
  )
}
