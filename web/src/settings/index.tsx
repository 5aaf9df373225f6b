import { useText } from '../i18n/index.js'
import { useSession } from '../session/index.js'
import { Button } from '../ui/index.js'

/** What the reader can choose. */
export default function SettingsView () {
  const text = useText()
  const { signOut } = useSession()
  return (
    <div className='flex flex-col gap-6 p-6'>
      <h1 className='text-xl font-semibold'>{text('shell.settings')}</h1>
      <Button onPress={signOut} className='self-start'>{text('shell.signOut')}</Button>
    </div>
  )
}
