import type { ReactNode } from 'react'
import { classes } from '../ui/index.js'
import { partsOf } from './text.js'

interface Props {
  text: string
  isOwn: boolean
  isFirst: boolean
  isLast: boolean
  /** Below the text. */
  children?: ReactNode
}

/** A text as it was written, with its web addresses as links. Nothing of it is ever read as HTML. */
export function Bubble ({ text, isOwn, isFirst, isLast, children }: Props) {
  return (
    <div
      className={classes(
        'rounded-2xl px-3.5 py-2 text-[0.9375rem]/6 text-ink',
        isOwn ? 'bg-accent-soft' : 'border border-line bg-raised',
        // The corners of a group meet on its side.
        !isFirst && (isOwn ? 'rounded-se-md' : 'rounded-ss-md'), !isLast && (isOwn ? 'rounded-ee-md' : 'rounded-es-md')
      )}
    >
      <p dir='auto' className='wrap-anywhere whitespace-pre-wrap'>
        {partsOf(text).map(({ text, href }, index) => href === undefined
          ? text
          : <a key={index} href={href} target='_blank' rel='noopener noreferrer nofollow' className='text-accent underline underline-offset-2'>{text}</a>)}
      </p>
      {children}
    </div>
  )
}
