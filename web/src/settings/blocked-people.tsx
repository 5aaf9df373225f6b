import { useLocale, useText } from '../i18n/index.js'
import { errorText } from '../offers/error-text.js'
import { Avatar, Button, Notice, Spinner } from '../ui/index.js'
import { Section } from './section.js'
import { useBlocks } from './use-blocks.js'

/** Whom the reader has blocked, and the way back. */
export function BlockedPeople () {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const { blocks, isLoading, error, unblock } = useBlocks()
  const day = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium' })
  return (
    <Section title={text('safety.blockedPeople')}>
      {blocks.length > 0 && (
        <ul className='flex max-h-96 flex-col gap-3 overflow-y-auto'>
          {blocks.map(({ userId, username, blockedAt }) => (
            <li key={userId} className='flex items-center gap-3'>
              <Avatar name={username} />
              <div className='min-w-0 flex-1'>
                <p className='truncate font-medium'><bdi>{username}</bdi></p>
                <p className='truncate text-sm text-muted'>{text('safety.blockedSince', { when: day.format(new Date(blockedAt)) })}</p>
              </div>
              <Button size='small' onPress={() => unblock(userId)}>{text('safety.unblock')}</Button>
            </li>
          ))}
        </ul>
      )}
      {isLoading && <Spinner label={text('shell.loading')} />}
      {!isLoading && blocks.length === 0 && error === undefined && <p className='text-sm text-muted'>{text('safety.blockedNone')}</p>}
      {error !== undefined && <Notice tone='bad'>{errorText(error, text)}</Notice>}
    </Section>
  )
}
