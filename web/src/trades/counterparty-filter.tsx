import { useConversations } from 'equilux-chat-client/react'
import { useMemo, useState } from 'react'
import { usePeople } from '../conversations/use-people.js'
import { useText } from '../i18n/index.js'
import { useNames } from '../offers/use-person.js'
import { SearchSelect } from '../ui/search-select.js'

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
    <SearchSelect
      label={text('trades.column.other')} value={userId ?? everyone} onChange={chosen => onChange(chosen === everyone ? undefined : chosen)}
      shown={userId === undefined ? text('trades.filter.everyone') : <bdi>{nameOf(userId)}</bdi>} options={options} query={query} onQuery={setQuery}
      searchLabel={text('chat.search')} nothing={isLoading ? text('chat.searching') : text('chat.searchNone', { query: typed })} className='min-w-36 flex-1 sm:max-w-56'
    />
  )
}
