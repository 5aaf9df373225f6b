import type { Proposal, TradeMove } from 'equilux-chat-client'
import { isolate } from 'equilux-chat-client/format'
import { Ban, Handshake, Hourglass, Repeat2, Tag, Undo2, type LucideIcon } from 'lucide-react'
import { useText } from '../i18n/index.js'
import { classes } from '../ui/index.js'
import { Changes } from './changes.js'
import { Summary } from './summary.js'
import { useName } from './use-person.js'

type Action = TradeMove['action']

const icons: Record<Action, LucideIcon> = { offer: Tag, counter: Repeat2, accept: Handshake, reject: Ban, withdraw: Undo2, expire: Hourglass }
const tones: Record<Action, string> = {
  offer: 'text-accent', counter: 'text-accent', accept: 'text-good', reject: 'text-bad', withdraw: 'text-muted', expire: 'text-warn'
}

export interface MoveLineProps {
  action: Action
  /** Who moved; null when time did. */
  by: string | null
  /** The user whom the reader trades with. */
  other: string
  terms?: Proposal
  /** The terms that these changed. */
  before?: Proposal
  text?: string
}

/** A move of a negotiation in one line, with what it changed and what was said. */
export function MoveLine ({ action, by, other, terms, before, text: said }: MoveLineProps) {
  const text = useText()
  const name = isolate(useName(other))
  const Icon = icons[action]
  const who = by === null ? 'time' : by === other ? 'other' : 'me'
  return (
    <div className='flex flex-col gap-1 py-0.5 text-start text-sm text-ink'>
      <p className='flex items-center gap-2'>
        <Icon aria-hidden className={classes('size-4 shrink-0', tones[action])} />
        <span>{text(`trades.move.${action}`, { who, name })}</span>
      </p>
      {(terms !== undefined || said !== undefined) && (
        <div className='flex flex-col gap-1 ps-6'>
          {terms !== undefined && (before === undefined
            ? <Summary {...{ terms }} />
            : <Changes {...{ before }} after={terms} />)}
          {said !== undefined && said !== '' && <p dir='auto' className='text-muted whitespace-pre-wrap wrap-anywhere'>{said}</p>}
        </div>
      )}
    </div>
  )
}
