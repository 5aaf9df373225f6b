import { useState } from 'react'
import { Link } from 'wouter'
import { Logo } from '../app/logo.js'
import { useLocale, useText } from '../i18n/index.js'

/** What somebody sees whose account is to be deleted: until when they can call it off. @param erasesAt RFC 3339 */
export default function Farewell ({ erasesAt }: { erasesAt: string }) {
  const text = useText()
  const { locale, timeZone } = useLocale()
  const [now] = useState(Date.now)
  const isOver = Date.parse(erasesAt) <= now
  return (
    <div className='m-auto flex w-full max-w-md flex-col items-start gap-5 p-6'>
      <Logo />
      <section className='flex w-full flex-col gap-5 rounded-2xl border border-line bg-raised p-6 shadow-sm md:p-8'>
        <h1 className='text-xl font-semibold'>{text('safety.farewellTitle')}</h1>
        <p>{isOver ? text('safety.farewellNow') : text('safety.farewellUntil', { when: new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'full', timeStyle: 'short' }).format(new Date(erasesAt)) })}</p>
        <Link to='/sign-in' className='inline-flex min-h-10 items-center justify-center rounded-lg border border-line-strong/60 px-4 py-2 text-sm font-medium hover:bg-sunken'>
          {text(isOver ? 'safety.farewellSignIn' : 'safety.farewellBack')}
        </Link>
      </section>
    </div>
  )
}
