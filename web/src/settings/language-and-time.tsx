import { useStore } from 'equilux-chat-client/react'
import { useLocale, useText } from '../i18n/index.js'
import { isLanguage, languages, type Language } from '../i18n/languages.js'
import { Select, Time } from '../ui/index.js'
import { setPreference, usePreferences } from './preferences.js'
import { Section } from './section.js'

/** In which language, and by which clock. */
export function LanguageAndTime () {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const { language } = usePreferences()
  const { now } = useStore()
  const choices = Object.keys(languages) as Language[]
  return (
    <Section title={text('shell.languageAndTime')}>
      <Select<Language | 'browser'>
        label={text('shell.language')} value={language !== undefined && isLanguage(language) ? language : 'browser'}
        onChange={chosen => setPreference('language', chosen === 'browser' ? undefined : chosen)}
        description={locale.startsWith('en') ? undefined : text('shell.machineMade')}
        options={[
          { value: 'browser', label: text('shell.languageBrowser') },
          ...choices.map(value => ({ value, label: languages[value].name, lang: value }))
        ]}
      />
      <dl className='flex flex-col gap-1 text-sm'>
        <dt className='font-medium'>{text('shell.timeZone')}</dt>
        <dd className='text-muted'><bdi>{timeZone}</bdi> · <Time at={now()} /></dd>
      </dl>
    </Section>
  )
}
