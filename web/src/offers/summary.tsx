import type { ShownTerms } from './differences.js'
import { useTermText } from './use-term-text.js'

/** Terms in two lines, where others matter more. */
export function Summary ({ terms }: { terms: ShownTerms }) {
  const termText = useTermText()
  return (
    <div className='text-sm'>
      <p className='font-medium'>{(['energy', 'price', 'total'] as const).map(name => termText(name, terms)).join(' · ')}</p>
      <p className='text-muted'>{termText('delivery', terms)}</p>
    </div>
  )
}
