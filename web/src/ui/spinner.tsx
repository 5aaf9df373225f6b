import { LoaderCircle } from 'lucide-react'
import { classes } from './classes.js'

/** Something is under way. With a label it is said aloud; without, what is beside it says so. */
export function Spinner ({ label, size = 'medium' }: { label?: string, size?: 'small' | 'medium' }) {
  return (
    <span role={label === undefined ? undefined : 'status'} className='inline-flex items-center gap-2 text-muted'>
      <LoaderCircle aria-hidden className={classes('animate-spin', size === 'small' ? 'size-4' : 'size-6')} />
      {label !== undefined && <span className='sr-only'>{label}</span>}
    </span>
  )
}
