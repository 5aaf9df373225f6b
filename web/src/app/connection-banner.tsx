import { useConnection, useNow, useStore } from 'equilux-chat-client/react'
import { CloudOff, LogIn, MonitorSmartphone, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useText } from '../i18n/index.js'
import { useSession } from '../session/index.js'
import { Button } from '../ui/index.js'
import { Banner } from './banner.js'

/** How the connection is, unless all is well, and what one can do about it. */
export function ConnectionBanner () {
  const text = useText()
  const store = useStore()
  const connection = useConnection()
  const { leave } = useSession()
  const [path] = useLocation()
  const isRetrying = useTrouble(connection.status) && connection.status === 'connecting'
  const signInAgain = <Button size='small' onPress={() => leave({ from: path })}>{text('shell.signInAgain')}</Button>
  const tryNow = <Button size='small' onPress={() => store.reconnect()}>{text('shell.tryNow')}</Button>

  if (isRetrying) return <Banner icon={RefreshCw} tone='warn'>{text('shell.connecting')}</Banner>
  if (connection.status === 'offline') return <Banner icon={CloudOff} tone='warn'>{text('shell.offline')}</Banner>
  if (connection.status === 'closed') return <Banner icon={LogIn} tone='bad' actions={signInAgain}>{text('shell.sessionEnded')}</Banner>
  if (connection.status !== 'waiting') return null
  if (connection.error?.code === 'taken_over') {
    return <Banner icon={MonitorSmartphone} tone='warn' actions={<Button size='small' onPress={() => store.reconnect()}>{text('shell.useHere')}</Button>}>{text('shell.takenOver')}</Banner>
  }
  const hasNoToken = connection.error?.code === 'token_unavailable'
  return (
    <Banner icon={CloudOff} tone='warn' actions={<>{tryNow}{hasNoToken && signInAgain}</>}>
      {text(hasNoToken ? 'shell.noToken' : 'shell.waiting')} <Countdown to={connection.retryAt} />
    </Banner>
  )
}

/** Seconds that nobody wants to have read aloud one by one. */
function Countdown ({ to }: { to?: number }) {
  const text = useText()
  useNow()
  if (to === undefined) return null
  return <span aria-hidden className='tabular-nums'>{text('shell.nextAttempt', { seconds: Math.max(0, Math.ceil((to - Date.now()) / 1000)) })}</span>
}

/** Whether the connection was lost and isn't back: attempts in between look the same as the first one. */
function useTrouble (status: string): boolean {
  const [isTroubled, setTroubled] = useState(false)
  const isNow = status === 'live' ? false : status === 'connecting' ? isTroubled : true
  if (isNow !== isTroubled) setTroubled(isNow)
  return isNow
}
