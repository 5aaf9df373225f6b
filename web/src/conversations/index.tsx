import { useText } from '../i18n/index.js'

/** Nothing yet but its heading. */
export default function ConversationsView () {
  const text = useText()
  return <h1 className='p-6 text-xl font-semibold'>{text('shell.conversations')}</h1>
}
