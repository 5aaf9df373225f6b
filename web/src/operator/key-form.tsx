import { useState, type FormEvent } from 'react'
import { Button, TextField } from '../ui/index.js'
import { mayBeKey } from './key.js'
import { useSay } from './words.js'

export interface KeyFormProps {
  /** Why the last one wasn't taken. */
  fault?: string
  onKey: (key: string) => void
}

/** Asks for the key with which the server is asked. */
export function KeyForm ({ fault, onKey }: KeyFormProps) {
  const say = useSay()
  const [typed, setTyped] = useState('')
  const [error, setError] = useState(fault)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const key = typed.trim()
    if (mayBeKey(key)) onKey(key)
    else setError(say(key === '' ? 'operator.keyMissing' : 'operator.keyMalformed'))
  }
  return (
    <form onSubmit={submit} noValidate className='flex w-full max-w-xl flex-col gap-5 rounded-2xl border border-line bg-raised p-6'>
      <TextField
        label={say('operator.key')} description={say('operator.keyHint')} errorMessage={error} type='password' autoComplete='off' autoFocus
        value={typed} onChange={typed => { setTyped(typed); setError(undefined) }}
      />
      <Button type='submit' variant='primary' className='self-start'>{say('operator.show')}</Button>
    </form>
  )
}
