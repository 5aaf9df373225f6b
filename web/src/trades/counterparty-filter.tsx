import { useConversations } from 'equilux-chat-client/react'
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
import { usePeople } from '../conversations/use-people.js'
import { useText } from '../i18n/index.js'
import { useNames } from '../offers/use-person.js'
import { boxClass, classes, FieldFrame, inputClass } from '../ui/index.js'

/** An option that filters nothing out; no user's id has a space. */
const everyone = ' any'

interface Props {
  userId: string | undefined
  onChange: (userId: string | undefined) => void
}

/** Whose offers are shown: those whom one has a conversation with are at hand, all others are searched for. */
export function CounterpartyFilter ({ userId, onChange }: Props) {
  const text = useText()
  const [query, setQuery] = useState('')
  const typed = query.trim()
  const { items, requests } = useConversations()
  const { users, isLoading } = usePeople(typed === '' ? undefined : typed)
  const nameOf = useNames(useMemo(() => userId === undefined ? [] : [userId], [userId]))
  const atHand = new Set([...userId === undefined ? [] : [userId], ...[...items, ...requests].map(({ userId }) => userId)])
  const options = typed === ''
    ? [{ id: everyone, name: text('trades.filter.everyone') }, ...Array.from(atHand, id => ({ id, name: nameOf(id) }))]
    : users.map(({ userId, username }) => ({ id: userId, name: username }))
  return (
    <Select
      value={userId ?? everyone} onChange={chosen => onChange(chosen === everyone ? undefined : String(chosen))} onOpenChange={() => setQuery('')}
      className='flex min-w-36 flex-1 flex-col gap-1.5 sm:max-w-56'
    >
      <FieldFrame label={text('trades.column.other')}>
        <Button className={classes(boxClass, 'cursor-pointer justify-between gap-2 px-3 py-2 text-start text-sm')}>
          <SelectValue className='truncate'>{() => userId === undefined ? text('trades.filter.everyone') : <bdi>{nameOf(userId)}</bdi>}</SelectValue>
          <ChevronDown aria-hidden className='size-4 shrink-0 text-muted' />
        </Button>
      </FieldFrame>
      <Popover className='flex max-h-96 w-72 min-w-(--trigger-width) flex-col gap-1 rounded-lg border border-line bg-raised p-1 shadow-lg'>
        <Autocomplete inputValue={query} onInputChange={setQuery}>
          <SearchField aria-label={text('chat.search')} autoFocus>
            <Group className={boxClass}>
              <Search aria-hidden className='ms-3 size-4 shrink-0 text-muted' />
              <Input maxLength={100} placeholder={text('chat.search')} className={`${inputClass} [&::-webkit-search-cancel-button]:hidden`} />
            </Group>
          </SearchField>
          <ListBox
            items={options} className='min-h-0 flex-1 overflow-auto outline-none'
            renderEmptyState={() => <p className='px-3 py-4 text-center text-sm text-muted'>{isLoading ? text('chat.searching') : text('chat.searchNone', { query: typed })}</p>}
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
