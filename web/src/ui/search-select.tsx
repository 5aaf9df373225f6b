import { Check, ChevronDown, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Button } from 'react-aria-components/Button'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { SearchField } from 'react-aria-components/SearchField'
import { Select, SelectValue } from 'react-aria-components/Select'
import { classes } from './classes.js'
import { boxClass, FieldFrame, inputClass } from './field.js'

interface Props {
  label: string
  value: string
  onChange: (value: string) => void
  /** What is chosen, as it is shown. */
  shown: ReactNode
  options: ReadonlyArray<{ id: string, name: string }>
  query: string
  onQuery: (query: string) => void
  searchLabel: string
  /** What is said where nothing is found. */
  nothing: string
  className?: string
}

/** A choice of one among many, which are found by what is typed. */
export function SearchSelect ({ label, value, onChange, shown, options, query, onQuery, searchLabel, nothing, className }: Props) {
  return (
    <Select value={value} onChange={chosen => onChange(String(chosen))} onOpenChange={() => onQuery('')} className={classes('flex flex-col gap-1.5', className)}>
      <FieldFrame label={label}>
        <Button className={classes(boxClass, 'cursor-pointer justify-between gap-2 px-3 py-2 text-start text-sm')}>
          <SelectValue className='truncate'>{() => shown}</SelectValue>
          <ChevronDown aria-hidden className='size-4 shrink-0 text-muted' />
        </Button>
      </FieldFrame>
      <Popover className='flex max-h-96 w-72 min-w-(--trigger-width) flex-col gap-1 rounded-lg border border-line bg-raised p-1 shadow-lg'>
        <Autocomplete inputValue={query} onInputChange={onQuery}>
          <SearchField aria-label={searchLabel} autoFocus>
            <Group className={boxClass}>
              <Search aria-hidden className='ms-3 size-4 shrink-0 text-muted' />
              <Input maxLength={100} placeholder={searchLabel} className={`${inputClass} [&::-webkit-search-cancel-button]:hidden`} />
            </Group>
          </SearchField>
          <ListBox
            items={options} className='min-h-0 flex-1 overflow-auto outline-none'
            renderEmptyState={() => <p className='px-3 py-4 text-center text-sm text-muted'>{nothing}</p>}
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
