import { useEffect, useState } from 'react'
import { useText } from '../i18n/index.js'
import { Button, Notice, Spinner } from '../ui/index.js'
import { embeddedSession } from './embedding.js'
import { useSession } from './provider.js'

/** The page around says who is signed in. */
export function EmbeddedSignIn ({ origins }: { origins: readonly string[] }) {
  const text = useText()
  const { signIn } = useSession()
  const [attempt, setAttempt] = useState(1)
  const [isFailed, setFailed] = useState(false)
  useEffect(() => {
    let isShown = true
    embeddedSession(origins).then(
      session => { if (isShown) signIn(session) },
      (error: unknown) => {
        console.warn('Signing in failed', error)
        if (isShown) setFailed(true)
      }
    )
    return () => { isShown = false }
  }, [origins, signIn, attempt])
  if (!isFailed) return <p className='flex items-center gap-3 text-sm text-muted'><Spinner />{text('shell.signInEmbedded')}</p>
  const tryAgain = () => {
    setFailed(false)
    setAttempt(attempt + 1)
  }
  return (
    <>
      <Notice tone='bad'>{text('shell.signInEmbeddedFailed')}</Notice>
      <Button onPress={tryAgain}>{text('shell.tryAgain')}</Button>
    </>
  )
}
