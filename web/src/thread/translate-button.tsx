import { Languages } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { useText } from '../i18n/index.js'
import { classes, Spinner } from '../ui/index.js'

/** Beside a message: in sight while one points at it or goes there by keyboard, and always where one can't point. */
export function TranslateButton ({ isPending, onPress }: { isPending: boolean, onPress: () => void }) {
  const text = useText()
  const label = text(isPending ? 'chat.translating' : 'chat.translate')
  return (
    <span title={label} className='inline-flex'>
      <Button
        aria-label={label} isPending={isPending} onPress={onPress}
        className={classes(
          'inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-full text-muted hover:bg-sunken hover:text-ink',
          !isPending && 'group-focus-within:opacity-100 group-hover:opacity-100 [@media(hover:hover)]:opacity-0'
        )}
      >
        {isPending ? <Spinner size='small' /> : <Languages aria-hidden className='size-4' />}
      </Button>
    </span>
  )
}
