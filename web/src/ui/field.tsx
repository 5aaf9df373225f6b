import type { ReactNode } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'

/** What a field's box looks like, whatever is in it. */
export const boxClass = 'flex min-h-10 w-full items-center rounded-lg border border-line-strong bg-raised text-ink transition-colors focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent data-invalid:border-bad data-disabled:opacity-60 disabled:opacity-60'

/** What an input within such a box looks like: the box shows the focus. */
export const inputClass = 'min-w-0 flex-1 bg-transparent px-3 py-2 text-base outline-none placeholder:text-muted sm:text-sm'

export interface FieldProps {
  label: string
  /** Whether it is read aloud only: what stands around says what the field is for. */
  isLabelHidden?: boolean
  /** Said below the field for as long as nothing is wrong. */
  description?: ReactNode
  /** What is wrong with what was typed. The field is invalid while there is one. */
  errorMessage?: string
}

/** The words around the box of a field: to be put within a react-aria field, which ties them together. */
export function FieldFrame ({ label, isLabelHidden = false, description, errorMessage, children }: FieldProps & { children: ReactNode }) {
  return (
    <>
      <Label className={isLabelHidden ? 'sr-only' : 'text-sm font-medium text-ink'}>{label}</Label>
      {children}
      {description !== undefined && errorMessage === undefined &&
        <Text slot='description' className='text-sm text-muted'>{description}</Text>}
      <FieldError className='text-sm text-bad'>{errorMessage}</FieldError>
    </>
  )
}
