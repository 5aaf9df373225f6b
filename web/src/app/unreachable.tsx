import { CloudOff } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { Button, EmptyState } from '../ui/index.js'

/** What is shown when the server has never answered. */
export function Unreachable () {
  const text = useText()
  return (
    <main className='flex min-h-full'>
      <EmptyState title={text('shell.unreachableTitle')} icon={CloudOff} isPage>
        <p>{text('shell.unreachable')}</p>
        <Button variant='primary' onPress={() => location.reload()}>{text('shell.tryAgain')}</Button>
      </EmptyState>
    </main>
  )
}
