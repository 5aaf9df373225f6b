import { useState, type FormEvent } from 'react'
import { useText } from '../i18n/index.js'
import { Button, TextField } from '../ui/index.js'
import { signInByName, SignInError } from './name.js'
import { useSession } from './provider.js'

/** Who one is, said by a name. */
export function NameForm () {
  const text = useText()
  const { signIn } = useSession()
  const [name, setName] = useState('')
  const [error, setError] = useState<string>()
  const [isPending, setPending] = useState(false)
  const said = name.trim()
  const fault = said === '' ? text('shell.nameMissing') : Array.from(said).length > 100 ? text('shell.nameLong') : undefined
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (fault !== undefined) return setError(fault)
    setPending(true)
    try {
      signIn(await signInByName(said))
    } catch (refusal) {
      setError(text(!(refusal instanceof SignInError) || refusal.status === undefined
        ? 'shell.unreachable'
        : refusal.status === 400 ? 'shell.nameRefused' : 'shell.signInRefused'))
      setPending(false)
    }
  }
  return (
    <form onSubmit={submit} noValidate className='flex flex-col gap-5'>
      <TextField
        label={text('shell.name')} description={text('shell.nameHint')} errorMessage={error} name='name' autoComplete='username' autoFocus
        value={name} onChange={typed => { setName(typed); setError(undefined) }}
      />
      <Button type='submit' variant='primary' isPending={isPending}>{text('shell.signIn')}</Button>
    </form>
  )
}
