import { isolate } from 'equilux-chat-client/format'
import { useMemo } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs'
import { useLocale, useText } from '../i18n/index.js'
import { Controls } from './controls/controls.js'
import { zoneName } from './controls/zones.js'
import { MarketView } from './market-view.js'
import { OutOfRange } from './out-of-range.js'
import { OwnView } from './own-view.js'
import { maxDays } from './query/days.js'
import type { Question } from './query/questions.js'
import { useView } from './query/use-view.js'
import { initialView, tabs, type View } from './query/view.js'
import { useNumberText } from './use-number-text.js'
import { AnalyticsWords, useSay } from './words.js'

/** Figures of what was traded, by the reader and by all. */
export default function AnalyticsView () {
  return <AnalyticsWords><Dashboard /></AnalyticsWords>
}

function Dashboard () {
  const text = useText()
  const say = useSay()
  const { view, question, setView } = useView()
  const { count } = useNumberText()
  const rangeText = useRangeText(question)
  const onUsual = () => setView({ range: initialView.range })
  const refused = question.fault && (
    <OutOfRange title={say('analytics.outOfRange')} {...{ onUsual }}>{say(`analytics.fault.${question.fault}`, { days: count(maxDays) })}</OutOfRange>
  )
  return (
    <div className='min-h-0 flex-1 overflow-y-auto'>
      <Tabs selectedKey={view.tab} onSelectionChange={tab => setView({ tab: tab as View['tab'] })} className='relative mx-auto flex w-full max-w-7xl flex-col gap-4 p-4 sm:p-6'>
        <header className='flex flex-wrap items-end justify-between gap-3'>
          <div className='min-w-0'>
            <h1 className='text-xl font-semibold'>{text('shell.analytics')}</h1>
            <p className='text-sm text-muted' role='status'>{rangeText}</p>
          </div>
          <TabList aria-label={say('analytics.tabs')} className='flex gap-1 rounded-xl border border-line bg-sunken p-1'>
            {tabs.map(tab => (
              <Tab
                key={tab} id={tab}
                className='flex min-h-9 cursor-pointer items-center rounded-lg px-4 text-sm text-muted transition-colors hover:text-ink data-focus-visible:outline-2 data-focus-visible:outline-accent selected:bg-raised selected:font-medium selected:text-ink selected:shadow-sm'
              >
                {say(`analytics.tab.${tab}`)}
              </Tab>
            ))}
          </TabList>
        </header>
        <Controls {...{ view, question }} onChange={setView} />
        <TabPanel id='own' className='rounded-2xl'>{refused ?? <OwnView {...{ view, question }} onChange={setView} />}</TabPanel>
        <TabPanel id='market' className='rounded-2xl'>{refused ?? <MarketView {...{ question }} onChange={setView} />}</TabPanel>
      </Tabs>
    </div>
  )
}

/** Which days are shown, and of which time zone. */
function useRangeText ({ days: { from, to }, timeZone }: Question): string {
  const say = useSay()
  const { locale } = useLocale()
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
    const [first, last] = [from, to.subtract({ days: 1 })].map(day => isolate(format.format(day.toDate('UTC')))) as [string, string]
    return say('analytics.shown', { from: first, to: last, zone: isolate(zoneName(timeZone)) })
  }, [from, to, timeZone, locale, say])
}
