import type { ReactNode, Ref } from 'react'
import { Group } from 'react-aria-components/Group'
import { Input } from 'react-aria-components/Input'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField as AriaTextField, type TextFieldProps as AriaTextFieldProps } from 'react-aria-components/TextField'
import { classes } from './classes.js'
import { boxClass, FieldFrame, inputClass, type FieldProps } from './field.js'

export interface TextFieldProps extends FieldProps, Omit<AriaTextFieldProps, 'className' | 'style' | 'children' | 'isInvalid'> {
  placeholder?: string
  /** Several lines. */
  isMultiline?: boolean
  /** Shown at the end of the box, e.g. a unit. */
  suffix?: ReactNode
  className?: string
  inputRef?: Ref<HTMLInputElement>
}

/** A field for words, with its label and what is wrong beside it. */
export function TextField ({ label, description, errorMessage, placeholder, isMultiline = false, suffix, className, inputRef, ...props }: TextFieldProps) {
  return (
    <AriaTextField {...props} isInvalid={errorMessage !== undefined} className={classes('flex flex-col gap-1.5', className)}>
      <FieldFrame {...{ label, description, errorMessage }}>
        <Group className={classes(boxClass, errorMessage !== undefined && 'border-bad')}>
          {isMultiline
            ? <TextArea dir='auto' rows={3} placeholder={placeholder} className={classes(inputClass, 'resize-y')} />
            : <Input ref={inputRef} dir='auto' placeholder={placeholder} className={inputClass} />}
          {suffix !== undefined && <span className='shrink-0 pe-3 text-sm text-muted'>{suffix}</span>}
        </Group>
      </FieldFrame>
    </AriaTextField>
  )
}
