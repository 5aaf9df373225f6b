import { ArrowDown } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { useText } from '../i18n/index.js'

interface Props {
  isShown: boolean
  /** How many messages have come that the reader hasn't seen. */
  count: number
  onPress: () => void
}

/** Leads back to the newest message, and says how many have come meanwhile. */
export function JumpButton ({ isShown, count, onPress }: Props) {
  const text = useText()
  if (!isShown) return null
  return (
    <Button
      onPress={onPress} aria-label={count === 0 ? text('chat.toNewest') : undefined}
      className='absolute bottom-3 left-1/2 inline-flex min-h-10 min-w-10 -translate-x-1/2 cursor-pointer items-center justify-center gap-2 rounded-full border border-line bg-raised px-3 text-sm font-medium text-accent shadow-lg hover:bg-sunken'
    >
      <ArrowDown aria-hidden className='size-4' />
      {count > 0 && text('chat.newMessages', { count })}
    </Button>
  )
}
