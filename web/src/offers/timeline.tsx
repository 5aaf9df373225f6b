import { Time } from '../ui/index.js'
import type { ToldMove } from './differences.js'
import { MoveLine } from './move-line.js'
import { Terms } from './terms.js'

/** How much of what was said a history holds, in code points. */
const excerpt = 100

/** The moves of a negotiation, oldest first: who made each and when, what it changed, what was said. */
export function Timeline ({ moves, other }: { moves: readonly ToldMove[], other: string }) {
  return (
    <ol className='flex flex-col'>
      {moves.map(({ action, userId, at, seq, terms, before, text }) => (
        <li key={seq} className='flex flex-col gap-2 border-s-2 border-line pb-5 ps-4 last:pb-0'>
          <div className='-mt-1'>
            <MoveLine
              {...{ action, other, before }} by={userId} terms={before === undefined ? undefined : terms}
              text={text === undefined || Array.from(text).length < excerpt ? text : `${text}…`}
            />
            <Time at={at} className='block ps-6 text-xs text-muted' />
          </div>
          {terms !== undefined && before === undefined && <div className='ps-6'><Terms {...{ terms }} /></div>}
        </li>
      ))}
    </ol>
  )
}
