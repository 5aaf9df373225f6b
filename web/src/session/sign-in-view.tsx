import { useState, type FormEvent } from 'react'
import { Redirect } from 'wouter'
import { useAppConfig } from '../config/index.js'
import { useText } from '../i18n/index.js'
import { Button, Notice, TextField } from '../ui/index.js'
import { Logo } from '../app/logo.js'
import { signInByName, SignInError } from './name.js'
import { useSession } from './provider.js'

/** The ways to sign in that the server has. */
export default function SignInView () {
  const { signIn } = useAppConfig()
  const { session } = useSession()
  const text = useText()
  if (session !== undefined) return <Redirect to='/conversations' replace />
  return (
    <div className='m-auto flex w-full max-w-md flex-col gap-6 p-6'>
      <Logo />
      <h1 className='text-2xl font-semibold'>{text('shell.signIn')}</h1>
      {signIn.name && <NameForm />}
      {!signIn.name && <Notice tone='warn'>{text('shell.signInNone')}</Notice>}
    </div>
  )
}

function NameForm () {
  const text = useText()
  const { signIn } = useSession()
  const [name, setName] = useState('')
  const [error, setError] = useState<string>()
  const [isPending, setPending] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return setError(text('shell.nameMissing'))
    setPending(true)
    try {
      signIn(await signInByName(name.trim()))
    } catch (error) {
      setError(error instanceof SignInError && error.detail !== undefined ? error.detail : text('shell.unreachable'))
      setPending(false)
    }
  }
  return (
    <form onSubmit={submit} noValidate className='flex flex-col gap-4'>
      <TextField
        label={text('shell.name')} description={text('shell.nameHint')} errorMessage={error} name='name' autoComplete='username' autoFocus
        value={name} onChange={typed => { setName(typed); setError(undefined) }}
      />
      <Button type='submit' variant='primary' isPending={isPending}>{text('shell.signIn')}</Button>
    </form>
  )
}
