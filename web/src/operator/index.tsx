import { Gauge } from 'lucide-react'
import { useEffect } from 'react'
import { Link } from 'wouter'
import { AnalyticsWords } from '../analytics/words.js'
import { Logo } from '../app/logo.js'
import { useAppConfig } from '../config/index.js'
import { EmptyState } from '../ui/index.js'
import { Figures } from './figures.js'
import { KeyForm } from './key-form.js'
import { useKey } from './use-key.js'
import { OperatorWords, useSay } from './words.js'

/** What all users do together, for whoever has a key. It needs no user's session, and nothing leads here. */
export default function OperatorView () {
  return <AnalyticsWords><OperatorWords><Page /></OperatorWords></AnalyticsWords>
}

function Page () {
  const say = useSay()
  const { analytics: isCounted = false } = useAppConfig()
  const { entered, enter, forget } = useKey()
  useEffect(() => { document.title = `${say('operator.title')} · Equilux` }, [say])
  return (
    <main id='main' className='mx-auto flex min-h-dvh w-full max-w-7xl flex-col gap-5 p-4 sm:p-6'>
      <header className='flex flex-wrap items-center justify-between gap-3'>
        <Logo />
        <Link href='/' className='rounded-lg text-sm font-medium text-accent underline underline-offset-4'>{say('operator.back')}</Link>
      </header>
      <div>
        <h1 className='text-2xl font-semibold tracking-tight'>{say('operator.title')}</h1>
        <p className='text-muted'>{say('operator.about')}</p>
      </div>
      {!isCounted && <EmptyState title={say('operator.off')} icon={Gauge}><p>{say('operator.offHint')}</p></EmptyState>}
      {isCounted && entered === undefined && <KeyForm onKey={enter} />}
      {isCounted && entered !== undefined && <Figures key={entered.times} secret={entered.key} onKey={enter} onForget={forget} />}
    </main>
  )
}
