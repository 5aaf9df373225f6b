import { TextField, type TextFieldProps } from './text-field.js'

/**
 * A field for a decimal, kept as it was typed: `parseDecimal`, `parsePrice` or `parseEnergy` of equilux-chat-client/format make
 * a number of it, exactly.
 */
export function NumberField (props: Omit<TextFieldProps, 'isMultiline' | 'type' | 'inputMode'>) {
  return <TextField {...props} inputMode='decimal' autoComplete='off' />
}
