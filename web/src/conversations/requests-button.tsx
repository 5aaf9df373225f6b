import { UserRoundPlus } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { useText } from '../i18n/index.js'
import { Badge } from '../ui/index.js'

/** Leads to what strangers have written. @param count of them */
export function RequestsButton ({ count, onPress }: { count: number, onPress: () => void }) {
  const text = useText()
  return (
    <div className='px-2 pb-1'>
      <Button onPress={onPress} className='flex w-full cursor-pointer items-center gap-3 rounded-xl px-3 py-2.5 text-start -outline-offset-2 hover:bg-sunken'>
        <span className='inline-flex size-10 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent'><UserRoundPlus aria-hidden className='size-5' /></span>
        <span className='min-w-0 flex-1 truncate font-medium'>{text('safety.requests')}</span>
        <Badge tone='accent'><span aria-hidden>{count}</span><span className='sr-only'>{text('safety.requestsCount', { count })}</span></Badge>
      </Button>
    </div>
  )
}
