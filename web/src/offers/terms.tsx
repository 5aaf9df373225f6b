import type { ReactNode } from 'react'
import { useText } from '../i18n/index.js'
import { differencesOf, type ShownTerms, type TermName } from './differences.js'
import { useTermText } from './use-term-text.js'

/**
 * The terms of an offer, the total standing out. With the terms before, what was changed is shown beside what it was.
 * @param expiry in place of when the terms run out; null leaves that out
 */
export function Terms ({ terms, before, expiry }: { terms: ShownTerms, before?: ShownTerms, expiry?: ReactNode }) {
  const text = useText()
  const termText = useTermText()
  const changed = new Set(before === undefined ? [] : differencesOf(before, terms))
  const old = (name: TermName) => before !== undefined && changed.has(name) && (
    <>
      <span className='sr-only'>{text('trades.was')}</span>
      <del className='block text-sm font-normal text-muted'>{termText(name, before)}</del>
    </>
  )
  return (
    <dl className='flex flex-wrap justify-between gap-x-4 gap-y-2.5'>
      <div>
        <dt className='text-xs text-muted'>{text('trades.term.energy')}</dt>
        <dd className='font-semibold sm:text-lg tabular-nums'>{termText('energy', terms)}{old('energy')}</dd>
      </div>
      <div>
        <dt className='text-xs text-muted'>{text('trades.term.price')}</dt>
        <dd className='font-semibold sm:text-lg tabular-nums'>{termText('price', terms)}{old('price')}</dd>
      </div>
      <div>
        <dt className='text-xs text-muted'>{text('trades.term.total')}</dt>
        <dd className='font-semibold sm:text-lg text-accent tabular-nums'>{termText('total', terms)}{old('total')}</dd>
      </div>
      <div className='basis-full'>
        <dt className='text-xs text-muted'>{text('trades.term.delivery')}</dt>
        <dd className='text-sm'>{termText('delivery', terms)}{old('delivery')}</dd>
      </div>
      {expiry !== null && (
        <div className='basis-full'>
          <dt className='text-xs text-muted'>{text('trades.term.expiry')}</dt>
          <dd className='text-sm'>{expiry ?? termText('expiry', terms)}{old('expiry')}</dd>
        </div>
      )}
    </dl>
  )
}
