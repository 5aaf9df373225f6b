import { Check, ChevronDown, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Button } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { SearchField } from 'react-aria-components/SearchField'
import { Select, SelectValue } from 'react-aria-components/Select'
import { boxClass, classes, FieldFrame, inputClass } from '../../ui/index.js'
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
    <Select value={timeZone} onChange={chosen => onChange(String(chosen))} onOpenChange={() => setQuery('')} className={classes('flex flex-col gap-1.5', className)}>
      <FieldFrame label={say('analytics.zone')}>
        <Button className={classes(boxClass, 'cursor-pointer justify-between gap-2 px-3 py-2 text-start text-sm')}>
          <SelectValue className='truncate'>{() => <bdi>{zoneName(timeZone)}</bdi>}</SelectValue>
          <ChevronDown aria-hidden className='size-4 shrink-0 text-muted' />
        </Button>
      </FieldFrame>
      <Popover className='flex max-h-96 w-72 min-w-(--trigger-width) flex-col gap-1 rounded-lg border border-line bg-raised p-1 shadow-lg'>
        <Autocomplete inputValue={query} onInputChange={setQuery}>
          <SearchField aria-label={say('analytics.zone.search')} autoFocus>
            <Group className={boxClass}>
              <Search aria-hidden className='ms-3 size-4 shrink-0 text-muted' />
              <Input maxLength={100} placeholder={say('analytics.zone.search')} className={`${inputClass} [&::-webkit-search-cancel-button]:hidden`} />
            </Group>
          </SearchField>
          <ListBox
            items={options} className='min-h-0 flex-1 overflow-auto outline-none'
            renderEmptyState={() => <p className='px-3 py-4 text-center text-sm text-muted'>{say('analytics.zone.none', { query: query.trim() })}</p>}
          >
            {({ id, name }) => (
              <ListBoxItem
                id={id} textValue={name}
                className='group flex cursor-pointer items-center justify-between gap-3 rounded-md px-3 py-2 text-sm text-ink outline-none hover:bg-sunken focus:bg-accent-soft data-focused:bg-accent-soft'
              >
                <bdi className='min-w-0 truncate'>{name}</bdi>
                <Check aria-hidden className='invisible size-4 shrink-0 text-accent group-selected:visible' />
              </ListBoxItem>
            )}
          </ListBox>
        </Autocomplete>
      </Popover>
    </Select>
  )
}
