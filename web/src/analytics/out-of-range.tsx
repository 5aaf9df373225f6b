import { CalendarX } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, EmptyState } from '../ui/index.js'
import { useSay } from './words.js'

/** Why nothing can be told of the days that were chosen, and the way to others. */
export function OutOfRange ({ title, children, onUsual }: { title: string, children: ReactNode, onUsual: () => void }) {
  const say = useSay()
  return (
    <EmptyState title={title} icon={CalendarX}>
      <p>{children}</p>
      <Button onPress={onUsual}>{say('analytics.usual')}</Button>
    </EmptyState>
  )
}
