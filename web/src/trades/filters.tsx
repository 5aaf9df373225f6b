import { ChevronDown, SlidersHorizontal } from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import { Heading } from 'react-aria-components/Heading'
import { Label } from 'react-aria-components/Label'
import { Switch } from 'react-aria-components/Switch'
import { ToggleButton } from 'react-aria-components/ToggleButton'
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup'
import { useText } from '../i18n/index.js'
import { Badge, Button, classes, Select } from '../ui/index.js'
import { CounterpartyFilter } from './counterparty-filter.js'
import { isFiltered, readFilter, statuses, writeSearch, type Filter } from './filter.js'
import { useIsWide } from './use-is-wide.js'

/** An option that filters nothing out; no user's id has a space. */
const unfiltered = ' any'

const box = 'rounded-xl border border-line bg-raised p-4'

export interface FiltersProps {
  filter: Filter
  onChange: (changed: Partial<Filter>) => void
}

/** What of the offers is shown; folded where there is little room. */
export function Filters ({ filter, onChange }: FiltersProps) {
  const text = useText()
  const isWide = useIsWide()
  const count = writeSearch(filter).size
  if (isWide) return <section aria-label={text('trades.filters')} className={box}><Fields {...{ filter, onChange }} /></section>
  return (
    <Disclosure className={box}>
      {({ isExpanded }) => (
        <>
          <Heading level={2} className='-m-2'>
            <AriaButton slot='trigger' className='flex w-full cursor-pointer items-center gap-2 rounded-lg p-2 text-sm font-medium'>
              <SlidersHorizontal aria-hidden className='size-4 text-muted' />{text('trades.filters')}
              {count > 0 && <Badge tone='accent'>{count}</Badge>}
              <ChevronDown aria-hidden className={classes('ms-auto size-4 text-muted transition-transform', isExpanded && 'rotate-180')} />
            </AriaButton>
          </Heading>
          <DisclosurePanel>{isExpanded && <div className='pt-4'><Fields {...{ filter, onChange }} /></div>}</DisclosurePanel>
        </>
      )}
    </Disclosure>
  )
}

function Fields ({ filter, onChange }: FiltersProps) {
  const text = useText()
  return (
    <div className='flex flex-col gap-3'>
      <div className='flex flex-wrap items-end gap-3'>
        <Select
          className='min-w-36 flex-1 sm:max-w-48' label={text('trades.filter.side')} value={filter.side ?? unfiltered}
          onChange={side => onChange({ side: side === unfiltered ? undefined : side as Filter['side'] })}
          options={[{ value: unfiltered, label: text('trades.filter.any') }, { value: 'sell', label: text('trades.youSell') }, { value: 'buy', label: text('trades.youBuy') }]}
        />
        <Select
          className='min-w-36 flex-1 sm:max-w-48' label={text('trades.filter.opened')} value={filter.opened ?? unfiltered}
          onChange={opened => onChange({ opened: opened === unfiltered ? undefined : opened as Filter['opened'] })}
          options={[{ value: unfiltered, label: text('trades.filter.anyone') }, { value: 'me', label: text('trades.filter.me') }, { value: 'other', label: text('trades.filter.other') }]}
        />
        <CounterpartyFilter userId={filter.counterparty} onChange={counterparty => onChange({ counterparty })} />
        <Switch isSelected={filter.isMyMove} onChange={isMyMove => onChange({ isMyMove })} className='group flex min-h-10 cursor-pointer items-center gap-2 rounded-lg text-sm font-medium'>
          <span aria-hidden className='flex h-6 w-10 items-center rounded-full border border-line-strong bg-sunken p-0.5 transition-colors group-selected:border-accent group-selected:bg-accent group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-2 group-data-focus-visible:outline-accent'>
            <span className='size-4.5 rounded-full bg-line-strong transition-[margin] group-selected:ms-4 group-selected:bg-on-accent' />
          </span>
          {text('trades.yourMove')}
        </Switch>
      </div>
      <div className='flex flex-wrap items-center gap-x-3 gap-y-2'>
        <Statuses {...{ filter, onChange }} />
        {isFiltered(filter) && <Button variant='quiet' size='small' onPress={() => onChange(readFilter(new URLSearchParams()))}>{text('trades.clearFilters')}</Button>}
      </div>
    </div>
  )
}

function Statuses ({ filter, onChange }: FiltersProps) {
  const text = useText()
  return (
    <div className='flex flex-wrap items-center gap-2'>
      <Label id='trade-statuses' className='text-sm font-medium'>{text('trades.column.status')}</Label>
      <ToggleButtonGroup
        selectionMode='multiple' aria-labelledby='trade-statuses' className='flex flex-wrap gap-1.5' selectedKeys={filter.statuses}
        onSelectionChange={chosen => onChange({ statuses: statuses.filter(status => chosen.has(status)) })}
      >
        {statuses.map(status => (
          <ToggleButton
            key={status} id={status}
            className='min-h-8 cursor-pointer rounded-full border border-line-strong/60 px-3 text-sm text-ink transition-colors hover:bg-sunken selected:border-accent selected:bg-accent-soft selected:font-medium selected:text-accent'
          >
            {text(`trades.status.${status}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  )
}
