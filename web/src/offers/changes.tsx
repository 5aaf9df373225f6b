import { ArrowRight } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { differencesOf, type ShownTerms } from './differences.js'
import { useTermText } from './use-term-text.js'

/** What terms changed against those before: each term as it was and as it is. */
export function Changes ({ before, after }: { before: ShownTerms, after: ShownTerms }) {
  const text = useText()
  const termText = useTermText()
  const names = differencesOf(before, after)
  if (names.length === 0) return <p className='text-sm text-muted'>{text('trades.noChanges')}</p>
  return (
    <dl className='grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm'>
      {names.map(name => (
        <div key={name} className='contents'>
          <dt className='text-muted'>{text(`trades.term.${name}`)}</dt>
          <dd className='flex flex-wrap items-baseline gap-x-1.5'>
            <span className='sr-only'>{text('trades.was')}</span>
            <del className='text-muted'>{termText(name, before)}</del>
            <ArrowRight aria-hidden className='size-3.5 shrink-0 self-center text-muted rtl:-scale-x-100' />
            <span className='sr-only'>{text('trades.now')}</span>
            <ins className='font-medium no-underline'>{termText(name, after)}</ins>
          </dd>
        </div>
      ))}
    </dl>
  )
}
