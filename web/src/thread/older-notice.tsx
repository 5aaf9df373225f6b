import { useText } from '../i18n/index.js'
import { Button, Spinner } from '../ui/index.js'
import type { Older } from './use-older.js'

/** What is above the messages while older ones are read, or couldn't be. */
export function OlderNotice ({ isLoading, hasFailed, load }: Omit<Older, 'look'>) {
  const text = useText()
  if (!isLoading && !hasFailed) return null
  return (
    <div className='pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center'>
      {isLoading
        ? <span className='rounded-full border border-line bg-raised p-1.5 shadow'><Spinner size='small' /></span>
        : (
          <div role='alert' className='pointer-events-auto flex items-center gap-3 rounded-full border border-line bg-raised py-1 ps-4 pe-1 text-sm text-bad shadow'>
            {text('chat.olderFailed')} <Button size='small' variant='quiet' onPress={load}>{text('chat.tryAgain')}</Button>
          </div>
          )}
    </div>
  )
}
