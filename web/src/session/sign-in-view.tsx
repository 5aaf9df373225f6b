import { MessagesSquare, Scale, Zap, type LucideIcon } from 'lucide-react'
import { lazy } from 'react'
import { Redirect, useSearchParams } from 'wouter'
import { useHistoryState } from 'wouter/use-browser-location'
import { Logo } from '../app/logo.js'
import { useAppConfig } from '../config/index.js'
import { useText, type TextId } from '../i18n/index.js'
import { Notice } from '../ui/index.js'
import { EmbeddedSignIn } from './embedded-sign-in.js'
import { isEmbedded } from './embedding.js'
import { NameForm } from './name-form.js'
import { OidcReturn, OidcSignIn } from './oidc-sign-in.js'
import { useSession, type Arriving } from './provider.js'

const Farewell = lazy(async () => await import('./farewell.js'))

/** What the product is for, and the ways to sign in that the server has. */
export default function SignInView () {
  const text = useText()
  const { session } = useSession()
  const { from = '/conversations', isAnew = false, erasesAt } = useHistoryState<Arriving | null>() ?? {}
  if (session !== undefined) return <Redirect to={from} replace />
  if (erasesAt !== undefined) return <Farewell erasesAt={erasesAt} />
  return (
    <div className='m-auto grid w-full max-w-4xl gap-10 p-6 md:grid-cols-2 md:items-center md:gap-16'>
      <section className='flex flex-col gap-6'>
        <Logo />
        <p className='text-3xl font-semibold tracking-tight text-balance md:text-4xl'>{text('shell.promise')}</p>
        <ul className='hidden flex-col gap-4 text-muted md:flex'>
          <Reason icon={MessagesSquare} id='shell.promiseChat' />
          <Reason icon={Scale} id='shell.promiseTerms' />
          <Reason icon={Zap} id='shell.promiseLive' />
        </ul>
      </section>
      <section className='flex flex-col gap-5 rounded-2xl border border-line bg-raised p-6 shadow-sm md:p-8'>
        <h1 className='text-xl font-semibold'>{text('shell.signIn')}</h1>
        <Ways {...{ from, isAnew }} />
      </section>
    </div>
  )
}

function Reason ({ icon: Icon, id }: { icon: LucideIcon, id: TextId }) {
  const text = useText()
  return <li className='flex items-start gap-3'><Icon aria-hidden className='mt-0.5 size-5 shrink-0 text-accent' />{text(id)}</li>
}

/** @param isAnew whether it isn't enough to have signed in before */
function Ways ({ from, isAnew }: { from: string, isAnew: boolean }) {
  const text = useText()
  const { signIn: { name, oidc, embedOrigins } } = useAppConfig()
  const [search] = useSearchParams()
  if (oidc !== undefined && search.has('state')) return <OidcReturn oidc={oidc} />
  if (embedOrigins.length > 0 && isEmbedded()) return <EmbeddedSignIn origins={embedOrigins} />
  if (!name && oidc === undefined) return <Notice tone='warn'>{text(embedOrigins.length > 0 ? 'shell.signInElsewhere' : 'shell.signInNone')}</Notice>
  return (
    <>
      {oidc !== undefined && <OidcSignIn {...{ oidc, from, isAnew }} />}
      {name && <NameForm />}
    </>
  )
}
