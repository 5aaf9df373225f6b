import { Search, X } from 'lucide-react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Button } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'
import { useLocation } from 'wouter'
import { useText } from '../i18n/index.js'
import { boxClass, inputClass } from '../ui/index.js'
import { threadPath } from './paths.js'
import { PeopleFound } from './people-found.js'

/** A field for how somebody's name begins, and below it who was found: the arrow keys choose, Enter opens the thread. */
export function PeopleField ({ query, setQuery }: { query: string, setQuery: (query: string) => void }) {
  const text = useText()
  const [, navigate] = useLocation()
  const open = (userId: string) => {
    setQuery('')
    navigate(threadPath(userId))
  }
  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      <SearchField aria-label={text('chat.search')} className='group px-4 pb-3'>
        <Group className={boxClass}>
          <Search aria-hidden className='ms-3 size-4 shrink-0 text-muted' />
          {/* As many letters as the server takes. */}
          <Input dir={query === '' ? undefined : 'auto'} maxLength={100} placeholder={text('chat.search')} className={`${inputClass} [&::-webkit-search-cancel-button]:hidden`} />
          <Button aria-label={text('chat.searchClear')} className='me-1 inline-flex size-8 cursor-pointer items-center justify-center rounded-md text-muted group-data-empty:invisible hover:text-ink'>
            <X aria-hidden className='size-4' />
          </Button>
        </Group>
      </SearchField>
      {query.trim() !== '' && <PeopleFound query={query.trim()} onOpen={open} />}
    </Autocomplete>
  )
}
