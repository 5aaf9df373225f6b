import { useText } from '../i18n/index.js'
import { Segments } from '../ui/index.js'
import { Account } from './account.js'
import { BlockedPeople } from './blocked-people.js'
import { LanguageAndTime } from './language-and-time.js'
import { Notifications } from './notifications.js'
import { setPreference, usePreferences } from './preferences.js'
import { Section } from './section.js'
import { YourData } from './your-data.js'

/** What the reader can choose, which is kept in this browser, and what the server keeps of them. */
export default function SettingsView () {
  const text = useText()
  const { theme = 'system', priceUnit } = usePreferences()
  return (
    <div className='min-h-0 flex-1 overflow-y-auto'>
      <div className='mx-auto flex w-full max-w-2xl flex-col gap-5 p-4 md:p-8'>
        <h1 className='text-2xl font-semibold tracking-tight'>{text('shell.settings')}</h1>
        <Account />
        <LanguageAndTime />
        <Section title={text('shell.appearance')}>
          <Segments
            label={text('shell.theme')} value={theme} onChange={theme => setPreference('theme', theme === 'system' ? undefined : theme)}
            options={[
              { value: 'system', label: text('shell.themeSystem') }, { value: 'light', label: text('shell.themeLight') }, { value: 'dark', label: text('shell.themeDark') }
            ]}
          />
          <Segments
            label={text('shell.priceUnit')} description={text('shell.priceUnitHint')} value={priceUnit} onChange={unit => setPreference('priceUnit', unit)}
            options={[{ value: 'currency', label: text('shell.priceUnitCurrency') }, { value: 'cents', label: text('shell.priceUnitCents') }]}
          />
        </Section>
        <Notifications />
        <BlockedPeople />
        <YourData />
      </div>
    </div>
  )
}
