import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { AppConfig } from '../config/index.js'
import { useText } from '../i18n/index.js'
import { Button, Notice, Spinner } from '../ui/index.js'
import { useSession } from './provider.js'

type Oidc = NonNullable<AppConfig['signIn']['oidc']>

/** Leads to the page where one signs in. */
export function OidcSignIn ({ oidc, from, isAnew }: { oidc: Oidc, from: string, isAnew: boolean }) {
  const text = useText()
  const [state, setState] = useState<'idle' | 'leaving' | 'failed'>('idle')
  const leave = async () => {
    setState('leaving')
    try {
      await (await import('./oidc.js')).leaveToSignIn(oidc, from, isAnew)
    } catch (error) {
      console.warn('Signing in failed', error)
      setState('failed')
    }
  }
  return (
    <>
      {state === 'failed' && <Notice tone='bad'>{text('shell.unreachable')}</Notice>}
      <p className='text-sm text-muted'>{text('shell.signInOidcHint', { host: new URL(oidc.authority).host })}</p>
      <Button variant='primary' isPending={state === 'leaving'} onPress={leave}>{text('shell.signInOidc')}</Button>
    </>
  )
}

/** Back from there. */
export function OidcReturn ({ oidc }: { oidc: Oidc }) {
  const text = useText()
  const { signIn } = useSession()
  const [, navigate] = useLocation()
  const [isFailed, setFailed] = useState(false)
  const isBegun = useRef(false)
  useEffect(() => {
    // What the address brought is good once only.
    if (isBegun.current) return
    isBegun.current = true
    import('./oidc.js').then(async ({ returnFromSignIn }) => {
      const { session, from = '/conversations' } = await returnFromSignIn(oidc)
      navigate('/sign-in', { replace: true, state: { from } })
      signIn(session)
    }).catch((error: unknown) => {
      console.warn('Signing in failed', error)
      setFailed(true)
    })
  }, [oidc, signIn, navigate])
  if (!isFailed) return <Spinner label={text('shell.signingIn')} />
  return (
    <>
      <Notice tone='bad'>{text('shell.signInFailed')}</Notice>
      <Button onPress={() => navigate('/sign-in', { replace: true })}>{text('shell.tryAgain')}</Button>
    </>
  )
}
